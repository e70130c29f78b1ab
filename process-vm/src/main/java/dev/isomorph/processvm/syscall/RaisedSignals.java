package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.GuestSignals;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;

/**
 * Signals that the host's kernel sends a thread for a call of its own: SIGPIPE and SIGXFSZ
 * (signal(7)). To the host they are alike for all guest threads, so each thread blocks them and
 * looks after a call that failed whether one waits; it is for its guest thread alone then.
 */
final class RaisedSignals {
  private static final int RT_SIGTIMEDWAIT = 128; // x86-64 system call number (asm/unistd_64.h).
  private static final int SIG_BLOCK = 0;
  private static final int SIGSET_BYTES = 8;
  private static final int TIMESPEC_BYTES = 16;

  private final GuestSignals signals;
  private final int pid;

  private RaisedSignals(GuestSignals signals, int pid) {
    this.signals = signals;
    this.pid = pid;
  }

  /** Blocks the signals in the calling thread of the host, which runs a thread of a process. */
  static RaisedSignals inCallingThread(GuestSignals signals, int pid) {
    long set = HostMemory.allocate(SIGSET_BYTES);
    HostMemory.putLong(set, Signal.bit(Signal.SIGPIPE) | Signal.bit(Signal.SIGXFSZ));
    HostCalls.check(
        HostCalls.syscall(HostLinux.RT_SIGPROCMASK, SIG_BLOCK, set, 0, SIGSET_BYTES, 0, 0),
        "blocking SIGPIPE");
    HostMemory.free(set, SIGSET_BYTES);
    return new RaisedSignals(signals, pid);
  }

  /** Sends the guest's thread what a call has raised that had this result. */
  void collect(long result) {
    if (result == -Errno.EPIPE) {
      collectSignal(Signal.SIGPIPE);
    } else if (result == -Errno.EFBIG) {
      collectSignal(Signal.SIGXFSZ);
    }
  }

  private void collectSignal(int signal) {
    long set = HostMemory.allocate(SIGSET_BYTES + TIMESPEC_BYTES);
    long noTime = set + SIGSET_BYTES;
    HostMemory.putLong(set, Signal.bit(signal));
    HostMemory.fill(noTime, TIMESPEC_BYTES, (byte) 0);
    long found = HostCalls.syscall(RT_SIGTIMEDWAIT, set, 0, noTime, SIGSET_BYTES, 0, 0);
    HostMemory.free(set, SIGSET_BYTES + TIMESPEC_BYTES);
    if (found == signal) {
      int uid = (int) HostCalls.syscall(Syscall.GETUID.host, 0, 0, 0, 0, 0, 0);
      signals.sendToThread(SignalInfo.sent(signal, SignalInfo.SI_USER, pid, uid), signals);
    }
  }
}
