package dev.isomorph.translator.lift;

/**
 * What the lifted code is for. The dynamic rounding mode, frm, is known when code is translated
 * only as far as the mode says; code that would change it leaves the translation by {@code TRAP
 * EVALUATE}.
 */
public enum LiftMode {
  /** Translation for an frm of 0 to 3, the modes that hosts have. */
  TRANSLATE,
  /**
   * Translation for an frm of 4 (round to nearest, ties to max magnitude) or a reserved one (5 to
   * 7): every instruction that uses frm is left to the evaluator.
   */
  TRANSLATE_UNUSUAL_ROUNDING,
  /**
   * For the evaluator: any rounding mode and any write of frm. Whether a dynamic rounding mode is
   * valid is known when the operation runs.
   */
  EVALUATE;

  private static final int NEAREST_MAX_MAGNITUDE = 4;
  private static final int DYNAMIC = 7;

  /** Whether code for the rounding-mode field {@code rm} may be lifted inline. */
  boolean canRound(int rm) {
    return switch (this) {
      case TRANSLATE -> rm != NEAREST_MAX_MAGNITUDE;
      case TRANSLATE_UNUSUAL_ROUNDING -> rm != NEAREST_MAX_MAGNITUDE && rm != DYNAMIC;
      case EVALUATE -> true;
    };
  }

  /** Whether code that writes frm may be lifted inline. */
  boolean canWriteRoundingMode() {
    return this == EVALUATE;
  }
}
