package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * What of a float register's content goes from node to node, for a phi that need not have all of
 * it.
 */
enum FloatForm {
  /** Not known yet: what comes from outside of the region, and could be in any form. */
  ANY,

  /** A double, with any quiet NaN for the canonical one. */
  DOUBLE(IrOp.CANON_D),

  /** A single without its box, with any quiet NaN for the canonical one. */
  SINGLE(IrOp.CANON_S, IrOp.BOX_S),

  /** A single without its box, with the NaN that it is. */
  UNBOXED(IrOp.BOX_S),

  /** All bits. */
  WHOLE;

  private static final long CANONICAL_DOUBLE = 0x7ff8L << 48;
  private static final int CANONICAL_SINGLE = 0x7fc0_0000;
  private static final int WORD = 32;

  private final IrOp[] steps;

  FloatForm(IrOp... steps) {
    this.steps = steps;
  }

  /** The form that values of this form and of another one can be in. */
  FloatForm meet(FloatForm other) {
    if (this == other || other == ANY) {
      return this;
    }
    if (this == ANY) {
      return other;
    }
    return isSingle() && other.isSingle() ? UNBOXED : WHOLE;
  }

  /** Whether it is less than all bits. */
  boolean isBare() {
    return this != ANY && this != WHOLE;
  }

  /** Whether it is a single without its box. */
  boolean isSingle() {
    return this == SINGLE || this == UNBOXED;
  }

  /** The register's whole content, from what is of this form. */
  int whole(IrBlock to, int instruction, int bare) {
    int value = bare;
    for (IrOp step : steps) {
      value = to.emitFor(instruction, step, value, IrBlock.NONE, IrBlock.NONE, 0);
    }
    return value;
  }

  /** The most that can be left out of a register with these bits. */
  static FloatForm ofBits(long bits) {
    if (bits >> WORD == -1) {
      return isCanonicalSingle((int) bits) ? SINGLE : UNBOXED;
    }
    return !Double.isNaN(Double.longBitsToDouble(bits)) || bits == CANONICAL_DOUBLE
        ? DOUBLE
        : WHOLE;
  }

  /** Whether a single is a number or the canonical NaN. */
  static boolean isCanonicalSingle(int bits) {
    return !Float.isNaN(Float.intBitsToFloat(bits)) || bits == CANONICAL_SINGLE;
  }

  /** What a register has to be to come in from outside in this form: not 0 if it is not. */
  int violation(IrBlock to, int instruction, int register) {
    int bits = to.emitFor(instruction, IrOp.FLOAT_TO_BITS, register, IrBlock.NONE, IrBlock.NONE, 0);
    return switch (this) {
      case DOUBLE -> oddNan(to, instruction, IrOp.SHL, bits, bits, 0x7ffL << 53, CANONICAL_DOUBLE);
      case SINGLE -> {
        int low = emit(to, instruction, IrOp.ZEXT32, bits, IrBlock.NONE);
        int odd = oddNan(to, instruction, IrOp.SHL32, bits, low, 0xffL << 24, CANONICAL_SINGLE);
        yield emit(to, instruction, IrOp.OR, odd, notBoxed(to, instruction, bits));
      }
      default -> notBoxed(to, instruction, bits);
    };
  }

  private static int notBoxed(IrBlock to, int instruction, int bits) {
    int upper = emit(to, instruction, IrOp.SAR, bits, constant(to, instruction, WORD));
    return emit(to, instruction, IrOp.XOR, upper, constant(to, instruction, -1));
  }

  /** Not 0 for a NaN that is not the canonical one; flags must not be raised by finding out. */
  private static int oddNan(
      IrBlock to, int instruction, IrOp shift, int bits, int value, long infinity, long canonical) {
    int magnitude = emit(to, instruction, shift, bits, constant(to, instruction, 1));
    int odd = emit(to, instruction, IrOp.XOR, value, constant(to, instruction, canonical));
    int none = constant(to, instruction, 0);
    int isNan = emit(to, instruction, IrOp.CMPLTU, constant(to, instruction, infinity), magnitude);
    return to.emitFor(instruction, IrOp.SELECT, isNan, odd, none, 0);
  }

  private static int emit(IrBlock to, int instruction, IrOp op, int a, int b) {
    return to.emitFor(instruction, op, a, b, IrBlock.NONE, 0);
  }

  private static int constant(IrBlock to, int instruction, long value) {
    return to.emitFor(instruction, IrOp.CONST, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, value);
  }
}
