package dev.isomorph.hostbackend.signal;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;

/**
 * What the kernel does on a signal: its own sigaction structure on x86-64 (asm/signal.h).
 *
 * @param handler address of the handler, or {@link #DEFAULT} or {@link #IGNORE}
 * @param flags SA_ flags
 * @param restorer address of the code a handler returns to
 * @param mask signals blocked while the handler runs
 */
record SignalAction(long handler, long flags, long restorer, long mask) {
  static final long DEFAULT = 0;
  static final long IGNORE = 1;

  /** Size of a set of signals, which the kernel insists on being told. */
  static final int SIGSET_SIZE = 8;

  static final long SA_SIGINFO = 4;
  static final long SA_RESTORER = 0x0400_0000;
  static final long SA_RESTART = 0x1000_0000;

  static final SignalAction TO_DEFAULT = new SignalAction(DEFAULT, 0, 0, 0);
  static final SignalAction TO_IGNORE = new SignalAction(IGNORE, 0, 0, 0);

  private static final int SIZE = 32;
  private static final long SCRATCH = HostMemory.allocate(SIZE);

  /** Returns what is in force for a signal. */
  static SignalAction of(int signo) {
    synchronized (SignalAction.class) {
      HostCalls.check(call(signo, 0, SCRATCH), "reading a signal's action");
      return new SignalAction(
          HostMemory.getLong(SCRATCH),
          HostMemory.getLong(SCRATCH + 8),
          HostMemory.getLong(SCRATCH + 16),
          HostMemory.getLong(SCRATCH + 24));
    }
  }

  /**
   * Puts this in force for a signal.
   *
   * @throws IllegalStateException if the kernel refuses, as it does for SIGKILL and SIGSTOP
   */
  void install(int signo) {
    synchronized (SignalAction.class) {
      HostMemory.putLong(SCRATCH, handler);
      HostMemory.putLong(SCRATCH + 8, flags);
      HostMemory.putLong(SCRATCH + 16, restorer);
      HostMemory.putLong(SCRATCH + 24, mask);
      HostCalls.check(call(signo, SCRATCH, 0), "setting a signal's action");
    }
  }

  /**
   * Returns this with a handler that wants the signal's information in its arguments, and a way to
   * return from it even if this had no handler.
   */
  SignalAction withHandler(long newHandler) {
    return new SignalAction(
        newHandler, flags | SA_SIGINFO | SA_RESTORER, of(Signals.SIGSEGV).restorer, mask);
  }

  boolean isFunction() {
    return handler != DEFAULT && handler != IGNORE;
  }

  private static long call(int signo, long replacement, long previous) {
    return HostCalls.syscall(
        HostLinux.RT_SIGACTION, signo, replacement, previous, SIGSET_SIZE, 0, 0);
  }
}
