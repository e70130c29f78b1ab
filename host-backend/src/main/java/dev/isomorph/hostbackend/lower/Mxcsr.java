package dev.isomorph.hostbackend.lower;

/**
 * The host's float control and status register: how RISC-V's fflags and frm appear in it while
 * guest code runs.
 */
public final class Mxcsr {
  /** All exceptions masked, round to nearest even, no flags. */
  public static final int DEFAULT = 0x1f80;

  /** The accrued flags, with the denormal-operand flag that RISC-V does not have. */
  public static final int FLAGS = 0x3f;

  /** The accrued flags that RISC-V has. */
  static final int GUEST_FLAGS = 0x3d;

  /** The flag of invalid operations. */
  static final int INVALID = 0x01;

  private static final int ROUNDING_SHIFT = 13;
  private static final int ROUNDING = 3 << ROUNDING_SHIFT;

  /** RNE, RTZ, RDN, RUP as the host numbers them. */
  private static final int[] HOST_ROUNDING = {0, 3, 1, 2};

  /** Host flag bits for NX, UF, OF, DZ, NV. */
  private static final int[] HOST_FLAG = {0x20, 0x10, 0x08, 0x04, 0x01};

  private Mxcsr() {}

  /** Host rounding control (0–3) for a static or dynamic rounding mode 0–3. */
  static int hostRounding(int mode) {
    return HOST_ROUNDING[mode];
  }

  /** Whether the host can round as the value {@code frm} of the dynamic rounding mode asks. */
  static boolean isHostRounding(long frm) {
    return frm >= 0 && frm < HOST_ROUNDING.length;
  }

  /** {@code mxcsr} with the rounding control of {@code frm}; modes above 3 leave nearest even. */
  public static int withRounding(int mxcsr, int frm) {
    int control = frm < HOST_ROUNDING.length ? HOST_ROUNDING[frm] : 0;
    return mxcsr & ~ROUNDING | control << ROUNDING_SHIFT;
  }

  /** fflags from MXCSR. */
  public static int toFflags(int mxcsr) {
    int flags = 0;
    for (int i = 0; i < HOST_FLAG.length; i++) {
      if ((mxcsr & HOST_FLAG[i]) != 0) {
        flags |= 1 << i;
      }
    }
    return flags;
  }

  /** MXCSR flag bits from fflags. */
  public static int fromFflags(int fflags) {
    int mxcsr = 0;
    for (int i = 0; i < HOST_FLAG.length; i++) {
      if ((fflags & 1 << i) != 0) {
        mxcsr |= HOST_FLAG[i];
      }
    }
    return mxcsr;
  }
}
