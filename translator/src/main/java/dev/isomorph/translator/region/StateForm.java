package dev.isomorph.translator.region;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * How a guest register's value comes from a bare one that is enough for computing: by sign
 * extension of a word, or by making a NaN canonical and boxing a single. Where only the guest's
 * state asks for it, that is done when the state is asked for.
 */
public enum StateForm {
  /** The value itself. */
  PLAIN,
  /** Its low word, sign-extended. */
  SEXT32,
  /** Its low word, zero-extended. */
  ZEXT32,
  /** A double, NaNs made canonical. */
  CANON_D,
  /** A single, boxed. */
  BOX_S,
  /** A single, NaNs made canonical, boxed. */
  BOX_CANON_S;

  /** How a value comes from its {@linkplain #bare bare} one. */
  public static StateForm of(IrBlock code, int value) {
    return switch (code.op(value)) {
      case SEXT32 -> SEXT32;
      case ZEXT32 -> ZEXT32;
      case CANON_D -> mayBeLate(code, code.a(value)) ? CANON_D : PLAIN;
      case BOX_S -> {
        int single = code.a(value);
        boolean canonical = code.op(single) == IrOp.CANON_S && mayBeLate(code, code.a(single));
        yield canonical ? BOX_CANON_S : BOX_S;
      }
      default -> PLAIN;
    };
  }

  /** The bare value a guest register's value comes from; itself if it has no form. */
  public static int bare(IrBlock code, int value) {
    return switch (of(code, value)) {
      case PLAIN -> value;
      case SEXT32, ZEXT32, CANON_D, BOX_S -> code.a(value);
      case BOX_CANON_S -> code.a(code.a(value));
    };
  }

  /**
   * Whether a NaN may be made canonical later; one that a fused multiply-add gives has to be
   * evaluated at once.
   */
  public static boolean mayBeLate(IrBlock code, int value) {
    return !code.op(value).isFusedMultiplyAdd();
  }
}
