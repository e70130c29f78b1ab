package dev.isomorph.translator.eval;

import static dev.isomorph.translator.eval.FloatFormat.BINARY32;
import static dev.isomorph.translator.eval.FloatFormat.BINARY64;

import dev.isomorph.translator.ir.IrOp;

/** What the pure float operations of the IR do to register bits. */
final class FloatBits {
  private static final long UPPER_HALF = 0xffff_ffff_0000_0000L;

  private FloatBits() {}

  static long apply(IrOp op, long a, long b) {
    return switch (op) {
      case FLOAT_TO_BITS, BITS_TO_FLOAT -> a;
      case BOX_S -> a | UPPER_HALF;
      case UNBOX_S ->
          (a & UPPER_HALF) == UPPER_HALF ? a & BINARY32.mask() : BINARY32.canonicalNan();
      case CANON_S -> canonical(BINARY32, a);
      case CANON_D -> canonical(BINARY64, a);
      case FSGNJ_S -> withSign(BINARY32, a, b);
      case FSGNJ_D -> withSign(BINARY64, a, b);
      case FSGNJN_S -> withSign(BINARY32, a, ~b);
      case FSGNJN_D -> withSign(BINARY64, a, ~b);
      case FSGNJX_S -> withSign(BINARY32, a, a ^ b);
      case FSGNJX_D -> withSign(BINARY64, a, a ^ b);
      case FCLASS_S -> FloatComparison.classify(BINARY32, a & BINARY32.mask());
      case FCLASS_D -> FloatComparison.classify(BINARY64, a);
      default -> throw new IllegalArgumentException(op + " is no pure float operation");
    };
  }

  private static long canonical(FloatFormat format, long a) {
    long bits = a & format.mask();
    return format.isNan(bits) ? format.canonicalNan() : bits;
  }

  private static long withSign(FloatFormat format, long magnitude, long sign) {
    return format.magnitude(magnitude & format.mask()) | sign & format.sign();
  }
}
