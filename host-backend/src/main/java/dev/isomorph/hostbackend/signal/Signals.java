package dev.isomorph.hostbackend.signal;

/** Signal numbers of Linux that the host side treats specially, and sets of signals. */
final class Signals {
  private Signals() {}

  static final int SIGILL = 4;
  static final int SIGBUS = 7;
  static final int SIGFPE = 8;
  static final int SIGKILL = 9;
  static final int SIGSEGV = 11;
  static final int SIGSTOP = 19;
  static final int SIGRTMIN = 34;
  static final int SIGRTMAX = 64;

  /** What an instruction can raise; the order is of no importance. */
  private static final int[] FAULTS = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};

  static int[] faults() {
    return FAULTS.clone();
  }

  /** Returns a set as the kernel has it: bit {@code signo - 1} for each signal. */
  static long setOf(int... signals) {
    long set = 0;
    for (int signo : signals) {
      set |= 1L << (signo - 1);
    }
    return set;
  }

  /** Whether a program may choose what this signal does: not KILL, STOP and the C library's two. */
  static boolean isCatchable(int signo) {
    return signo >= 1
        && signo <= SIGRTMAX
        && signo != SIGKILL
        && signo != SIGSTOP
        && (signo < 32 || signo >= SIGRTMIN);
  }

  /**
   * A real-time signal that nobody handles yet.
   *
   * @throws IllegalStateException if there is none
   */
  static int unused() {
    for (int signo = SIGRTMAX; signo >= SIGRTMIN; signo--) {
      if (SignalAction.of(signo).handler() == SignalAction.DEFAULT) {
        return signo;
      }
    }
    throw new IllegalStateException("every real-time signal is in use");
  }
}
