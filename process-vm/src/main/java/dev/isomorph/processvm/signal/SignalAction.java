package dev.isomorph.processvm.signal;

/**
 * What a process does about a signal: the kernel's struct sigaction of riscv64, which has no
 * restorer (asm-generic/signal.h).
 *
 * @param handler guest address of the handler, or {@link #DEFAULT} or {@link #IGNORE}
 * @param flags SA_ constants
 * @param mask signals blocked while the handler runs
 */
public record SignalAction(long handler, long flags, long mask) {
  public static final int BYTES = 24;

  public static final long DEFAULT = 0;
  public static final long IGNORE = 1;

  public static final long SA_NOCLDSTOP = 1;
  public static final long SA_NOCLDWAIT = 2;
  public static final long SA_SIGINFO = 4;
  public static final long SA_EXPOSE_TAGBITS = 0x800;
  public static final long SA_ONSTACK = 0x0800_0000;
  public static final long SA_RESTART = 0x1000_0000;
  public static final long SA_NODEFER = 0x4000_0000;
  public static final long SA_RESETHAND = 0x8000_0000L;

  /** The flags Linux knows on riscv64; the others read back as 0. */
  private static final long KNOWN =
      SA_NOCLDSTOP
          | SA_NOCLDWAIT
          | SA_SIGINFO
          | SA_EXPOSE_TAGBITS
          | SA_ONSTACK
          | SA_RESTART
          | SA_NODEFER
          | SA_RESETHAND;

  static final SignalAction INITIAL = new SignalAction(DEFAULT, 0, 0);

  public SignalAction {
    flags &= KNOWN;
    mask &= ~Signal.UNBLOCKABLE;
  }

  public boolean has(long flag) {
    return (flags & flag) != 0;
  }

  /** Whether {@code signal} has no effect under this action. */
  boolean ignores(int signal) {
    return handler == IGNORE
        || handler == DEFAULT && Signal.defaultAction(signal) == Signal.DefaultAction.IGNORE;
  }
}
