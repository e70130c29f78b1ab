package dev.isomorph.processvm;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.signal.SignalInbox;
import dev.isomorph.processvm.syscall.SystemCalls;

/**
 * What the thread does that the host tells of signals, once it runs no guest code any more: it
 * hands them on, as long as others do.
 */
final class SignalRelay {
  private static final int PPOLL = 271; // x86-64 system call number (asm/unistd_64.h).

  private final SignalInbox inbox;

  /** Not freed: a wake-up may come at any time. */
  private final long flag = HostMemory.allocate(Long.BYTES);

  private volatile boolean over;

  SignalRelay(SignalInbox inbox) {
    this.inbox = inbox;
  }

  /** Hands on signals until {@link #end}. */
  void run(SystemCalls calls) {
    inbox.pollFlag(flag);
    while (!over) {
      HostMemory.putByteVolatile(flag, (byte) 0);
      calls.relaySignals();
      if (!over) {
        HostCalls.interruptibleSyscall(flag, PPOLL, 0, 0, 0, 0, 0, 0);
      }
    }
  }

  /** Ends {@link #run}, now or when it is called; for any thread. */
  void end() {
    over = true;
    inbox.kick();
  }
}
