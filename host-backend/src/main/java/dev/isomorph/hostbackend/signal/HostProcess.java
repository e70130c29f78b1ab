package dev.isomorph.hostbackend.signal;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;

/**
 * Ends and stops of this process as its parent sees them. The ends skip everything the JVM does at
 * its end: shutdown hooks, flushing, and writing an ahead-of-time cache.
 */
public final class HostProcess {
  private static final int PR_SET_DUMPABLE = 4;
  private static final int RLIMIT_CORE = 4;
  private static final int SIG_UNBLOCK = 1;

  private HostProcess() {}

  /** Ends the process with an exit status, of which the parent sees the low 8 bits. */
  public static void exit(int status) {
    call(HostLinux.EXIT_GROUP, status, 0, 0, 0);
    throw new AssertionError("exit_group returned");
  }

  /**
   * Ends the process by the default action of a signal, so that the parent's wait tells that
   * signal, without a core dump: that would be the JVM's, not the guest's.
   *
   * <p>Where the signal does not end the process (because its default is something else, or for the
   * first process of a container) the exit status is 128 + {@code signo}, a shell's way to say it.
   */
  public static void dieBySignal(int signo) {
    long zeros = HostMemory.allocate(2 * Long.BYTES);
    call(HostLinux.SETRLIMIT, RLIMIT_CORE, zeros, 0, 0);
    // A core_pattern that is a pipe does not ask for the limit.
    call(HostLinux.PRCTL, PR_SET_DUMPABLE, 0, 0, 0);
    if (Signals.isCatchable(signo)) {
      SignalAction.TO_DEFAULT.install(signo);
      HostMemory.putLong(zeros, Signals.setOf(signo));
      call(HostLinux.RT_SIGPROCMASK, SIG_UNBLOCK, zeros, 0, SignalAction.SIGSET_SIZE);
    }
    sendToSelf(signo);
    exit(128 + signo);
  }

  /**
   * Stops the process by the default action of a stop signal, so that the parent's wait tells that
   * signal; returns when the process has been continued, or at once if it is one that such signals
   * do not stop (setpgid(2), "orphaned process group").
   */
  public static void stopBySignal(int signo) {
    SignalAction action = Signals.isCatchable(signo) ? SignalAction.of(signo) : null;
    if (action != null) {
      SignalAction.TO_DEFAULT.install(signo);
    }
    sendToSelf(signo);
    if (action != null) {
      action.install(signo);
    }
  }

  /** To this thread, so that it strikes before the call returns. */
  private static void sendToSelf(int signo) {
    long process = call(HostLinux.GETPID, 0, 0, 0, 0);
    call(HostLinux.TGKILL, process, call(HostLinux.GETTID, 0, 0, 0, 0), signo, 0);
  }

  private static long call(int number, long a, long b, long c, long d) {
    return HostCalls.syscall(number, a, b, c, d, 0, 0);
  }
}
