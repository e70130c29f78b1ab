package dev.isomorph.translator.eval;

import static dev.isomorph.translator.eval.FloatFormat.BINARY16;
import static dev.isomorph.translator.eval.FloatFormat.BINARY32;
import static dev.isomorph.translator.eval.FloatFormat.BINARY64;

import dev.isomorph.translator.ir.IrOp;

/** What the float operations of the IR that accrue flags compute. */
final class FloatSemantics {
  private final SoftFloat arithmetic;
  private final FloatComparison comparison;
  private final FloatConversion conversion;

  FloatSemantics(FloatEnvironment environment) {
    arithmetic = new SoftFloat(environment);
    comparison = new FloatComparison(environment);
    conversion = new FloatConversion(environment);
  }

  /** The result of {@code op}, which rounds and raises exceptions in the environment. */
  long apply(IrOp op, long a, long b, long c) {
    return op.ordinal() < IrOp.FCVT_W_S.ordinal()
        ? inOneFormat(op, format(op), a, b, c)
        : convert(op, a);
  }

  /** The format an operation's name ends in. */
  private static FloatFormat format(IrOp op) {
    return op.name().endsWith("_S") ? BINARY32 : BINARY64;
  }

  private long inOneFormat(IrOp op, FloatFormat f, long rawA, long rawB, long rawC) {
    long a = rawA & f.mask();
    long b = rawB & f.mask();
    long c = rawC & f.mask();
    return switch (op) {
      case FADD_S, FADD_D -> arithmetic.add(f, a, b);
      case FSUB_S, FSUB_D -> arithmetic.subtract(f, a, b);
      case FMUL_S, FMUL_D -> arithmetic.multiply(f, a, b);
      case FDIV_S, FDIV_D -> arithmetic.divide(f, a, b);
      case FSQRT_S, FSQRT_D -> arithmetic.squareRoot(f, a);
      case FMADD_S, FMADD_D -> arithmetic.multiplyAdd(f, a, b, c);
      case FMSUB_S, FMSUB_D -> arithmetic.multiplyAdd(f, a, b, c ^ f.sign());
      case FNMSUB_S, FNMSUB_D -> arithmetic.multiplyAdd(f, a ^ f.sign(), b, c);
      case FNMADD_S, FNMADD_D -> arithmetic.multiplyAdd(f, a ^ f.sign(), b, c ^ f.sign());
      case FMIN_S, FMIN_D -> comparison.minimumNumber(f, a, b);
      case FMAX_S, FMAX_D -> comparison.maximumNumber(f, a, b);
      case FMINM_S, FMINM_D -> comparison.minimum(f, a, b);
      case FMAXM_S, FMAXM_D -> comparison.maximum(f, a, b);
      case FROUND_S, FROUND_D -> conversion.toIntegral(f, a, false);
      case FROUNDNX_S, FROUNDNX_D -> conversion.toIntegral(f, a, true);
      case FEQ_S, FEQ_D -> bit(comparison.equal(f, a, b));
      case FLT_S, FLT_D -> bit(comparison.less(f, a, b, true));
      case FLE_S, FLE_D -> bit(comparison.lessOrEqual(f, a, b, true));
      case FLTQ_S, FLTQ_D -> bit(comparison.less(f, a, b, false));
      case FLEQ_S, FLEQ_D -> bit(comparison.lessOrEqual(f, a, b, false));
      default -> throw unknown(op);
    };
  }

  private long convert(IrOp op, long a) {
    return switch (op) {
      case FCVT_W_S -> conversion.toSigned(BINARY32, single(a), 32);
      case FCVT_WU_S -> conversion.toUnsigned(BINARY32, single(a), 32);
      case FCVT_L_S -> conversion.toSigned(BINARY32, single(a), 64);
      case FCVT_LU_S -> conversion.toUnsigned(BINARY32, single(a), 64);
      case FCVT_W_D -> conversion.toSigned(BINARY64, a, 32);
      case FCVT_WU_D -> conversion.toUnsigned(BINARY64, a, 32);
      case FCVT_L_D -> conversion.toSigned(BINARY64, a, 64);
      case FCVT_LU_D -> conversion.toUnsigned(BINARY64, a, 64);
      case FCVTMOD_W_D -> conversion.toSignedModular(BINARY64, a);
      case FCVT_S_W -> conversion.fromSigned(BINARY32, (int) a);
      case FCVT_S_WU -> conversion.fromUnsigned(BINARY32, Integer.toUnsignedLong((int) a));
      case FCVT_S_L -> conversion.fromSigned(BINARY32, a);
      case FCVT_S_LU -> conversion.fromUnsigned(BINARY32, a);
      case FCVT_D_W -> conversion.fromSigned(BINARY64, (int) a);
      case FCVT_D_WU -> conversion.fromUnsigned(BINARY64, Integer.toUnsignedLong((int) a));
      case FCVT_D_L -> conversion.fromSigned(BINARY64, a);
      case FCVT_D_LU -> conversion.fromUnsigned(BINARY64, a);
      case FCVT_S_D -> conversion.convert(BINARY64, BINARY32, a);
      case FCVT_D_S -> conversion.convert(BINARY32, BINARY64, single(a));
      case FCVT_S_H -> conversion.convert(BINARY16, BINARY32, half(a));
      case FCVT_H_S -> conversion.convert(BINARY32, BINARY16, single(a));
      case FCVT_D_H -> conversion.convert(BINARY16, BINARY64, half(a));
      case FCVT_H_D -> conversion.convert(BINARY64, BINARY16, a);
      default -> throw unknown(op);
    };
  }

  private static long half(long a) {
    return a & BINARY16.mask();
  }

  private static long single(long a) {
    return a & BINARY32.mask();
  }

  private static long bit(boolean condition) {
    return condition ? 1 : 0;
  }

  private static IllegalArgumentException unknown(IrOp op) {
    return new IllegalArgumentException(op + " is no float operation that accrues flags");
  }
}
