package dev.isomorph.processvm;

import dev.isomorph.engine.Engine;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;
import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.signal.HostProcess;
import dev.isomorph.hostbackend.signal.SignalInbox;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.report.TextSink;
import dev.isomorph.processvm.signal.Alarm;
import dev.isomorph.processvm.signal.GuestRegisters;
import dev.isomorph.processvm.signal.KickAlarm;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.syscall.ProcessEnd;
import dev.isomorph.processvm.syscall.SystemCalls;
import dev.isomorph.processvm.syscall.ThreadStarter;
import java.nio.charset.StandardCharsets;

/**
 * The threads of a guest process. Each is a hart and the thread of the host's that runs it: the
 * first one is whoever calls {@link #runFirst}, the others get threads of their own.
 */
final class GuestThreads implements ThreadStarter {
  private static final int PR_GET_NAME = 16;
  private static final int NAME_BYTES = 16;

  /** What the translator and the system calls need; guest code has its own stack. */
  private static final long STACK_BYTES = 1 << 20;

  private static final int STATUS_OF_INTERNAL_ERROR = 1;

  private final Engine engine;
  private final AddressSpace space;
  private final SignalInbox inbox;

  /** What is printed while guest code runs; null for nothing. */
  private final TextSink reports;

  private final Conclusion conclusion;
  private volatile boolean several;

  /** What is to be done when the process ends, on the thread that ended it. */
  interface Conclusion {
    void ended(ProcessEnd end, Hart hart);
  }

  GuestThreads(
      Engine engine,
      AddressSpace space,
      SignalInbox inbox,
      TextSink reports,
      Conclusion conclusion) {
    this.engine = engine;
    this.space = space;
    this.inbox = inbox;
    this.reports = reports;
    this.conclusion = conclusion;
  }

  /** Whether there has ever been more than one thread. */
  boolean areSeveral() {
    return several;
  }

  /** The alarm of the calling thread. */
  Alarm alarm(Hart hart) {
    int thread = (int) HostCalls.syscall(HostLinux.GETTID, 0, 0, 0, 0, 0, 0);
    return new KickAlarm(inbox, hart.pollFlagAddress(), thread);
  }

  /**
   * Runs the first thread.
   *
   * @return how the process ended. If it had several threads this does not return: the host process
   *     ends with it, whichever thread was the one to end it
   */
  ProcessEnd runFirst(Hart hart, SystemCalls calls) {
    run(hart, new HartRegisters(hart), calls);
    if (calls.end() == null) {
      calls.relaySignals();
    } else if (several) {
      endHost(calls.end(), hart);
    }
    conclusion.ended(calls.end(), hart);
    return calls.end();
  }

  @Override
  public boolean start(GuestRegisters registers, Birth birth) {
    several = true;
    Hart hart = engine.newHart();
    HartRegisters copy = new HartRegisters(hart);
    copy.copyFrom(registers);
    Thread thread = new Thread(null, () -> live(hart, copy, birth), ownName(), STACK_BYTES);
    thread.setDaemon(true);
    try {
      thread.start();
      return true;
    } catch (OutOfMemoryError noThread) {
      hart.close();
      return false;
    }
  }

  /** A further thread's life. */
  private void live(Hart hart, HartRegisters registers, Birth birth) {
    try (hart) {
      SystemCalls calls = birth.prepare(registers, hart.pollFlagAddress(), alarm(hart));
      run(hart, registers, calls);
      if (calls.end() != null) {
        endHost(calls.end(), hart);
      }
      calls.release();
    } catch (RuntimeException | Error bug) {
      bug.printStackTrace();
      HostProcess.exit(STATUS_OF_INTERNAL_ERROR);
    }
  }

  /** A new thread is called as the one that made it. */
  private static String ownName() {
    long buffer = HostMemory.allocate(NAME_BYTES);
    HostCalls.syscall(HostLinux.PRCTL, PR_GET_NAME, buffer, 0, 0, 0, 0);
    byte[] name = new byte[NAME_BYTES];
    HostMemory.copyOut(buffer, name, 0, NAME_BYTES);
    HostMemory.free(buffer, NAME_BYTES);
    return new String(name, StandardCharsets.ISO_8859_1).trim();
  }

  private void run(Hart hart, HartRegisters registers, SystemCalls calls) {
    while (!calls.isOver()) {
      Stop stop = run(hart);
      if (reports != null) {
        reports.flush();
      }
      // As the kernel does it at every return from a trap: a handler's store must not go unseen.
      hart.endReservation();
      if (stop instanceof Stop.SystemCall) {
        calls.dispatch(registers);
      } else if (stop instanceof Stop.Polled) {
        calls.poll(registers);
      } else {
        calls.fault(registers, FaultSignals.of(stop, hart.pc(), space));
      }
    }
  }

  private static Stop run(Hart hart) {
    try {
      return hart.run();
    } catch (InternalError codeGone) {
      // Code was to be read beyond the end of a mapped file that has become shorter.
      return new Stop.MemoryFault(hart.pc(), Stop.Access.EXECUTE, Signal.SIGBUS);
    }
  }

  /**
   * Ends the host process the way the guest's ended, at once and with all its threads, whatever
   * they do. A second thread that wants to waits here for its own end.
   */
  private synchronized void endHost(ProcessEnd end, Hart hart) {
    conclusion.ended(end, hart);
    if (end.signal() != null) {
      HostProcess.dieBySignal(end.signal().signal());
    }
    HostProcess.exit(end.status());
  }
}
