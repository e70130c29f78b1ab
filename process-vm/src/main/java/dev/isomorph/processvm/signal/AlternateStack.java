package dev.isomorph.processvm.signal;

import static dev.isomorph.processvm.Errno.EINVAL;
import static dev.isomorph.processvm.Errno.ENOMEM;

/**
 * The stack on which handlers with SA_ONSTACK run: stack_t, laid out alike on both architectures.
 *
 * @param base its lowest address
 * @param flags as given by the guest: 0, SS_ONSTACK or SS_DISABLE, and SS_AUTODISARM
 * @param size in bytes, 0 for none
 */
public record AlternateStack(long base, int flags, long size) {
  public static final int BYTES = 24;
  public static final int SS_ONSTACK = 1;
  public static final int SS_DISABLE = 2;
  public static final int SS_AUTODISARM = 1 << 31;
  public static final int MINIMUM = 2048;

  static final AlternateStack NONE = new AlternateStack(0, SS_DISABLE, 0);

  /** What sigaltstack(2) says to this one: 0 or a negative errno. */
  int error() {
    int mode = mode();
    if (mode != 0 && mode != SS_ONSTACK && mode != SS_DISABLE) {
      return -EINVAL;
    }
    return mode != SS_DISABLE && Long.compareUnsigned(size, MINIMUM) < 0 ? -ENOMEM : 0;
  }

  /** Whether it is none. */
  boolean isDisabled() {
    return mode() == SS_DISABLE;
  }

  private int mode() {
    return flags & ~SS_AUTODISARM;
  }

  /** Whether a thread with this stack pointer runs on the alternate stack. */
  public boolean contains(long sp) {
    return (flags & SS_AUTODISARM) == 0 && spans(sp);
  }

  private boolean spans(long sp) {
    return Long.compareUnsigned(sp, base) > 0 && Long.compareUnsigned(sp - base, size) <= 0;
  }

  /** The flags sigaltstack(2) reports to a thread with this stack pointer. */
  public int stateFor(long sp) {
    int state = size == 0 ? SS_DISABLE : contains(sp) ? SS_ONSTACK : 0;
    return state | flags & SS_AUTODISARM;
  }

  /**
   * Where a frame's upper end goes: on this stack if wanted and not yet there, else at {@code sp}.
   */
  long top(long sp, boolean wanted) {
    return wanted && size != 0 && !contains(sp) ? base + size : sp;
  }
}
