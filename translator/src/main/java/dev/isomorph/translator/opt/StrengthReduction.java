package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * Products, quotients and remainders by a constant, made of cheaper operations. Quotients are upper
 * bits of products with a {@link Reciprocal}, of 64 bits if what is known of the dividend allows
 * that; remainders are what is left.
 */
final class StrengthReduction {
  private final IrBlock out;
  private final Emission emission;

  /** Emits a pure operation, or finds its value. */
  interface Emission {
    int once(IrOp op, int a, int b, int c, long imm);
  }

  /**
   * @param out the block that has the operands
   * @param emission how its operations are emitted
   */
  StrengthReduction(IrBlock out, Emission emission) {
    this.out = out;
    this.emission = emission;
  }

  /**
   * Emits what gives the same as an operation of operands that are not both constants.
   *
   * @return the result, {@link IrBlock#NONE} if there is nothing cheaper
   */
  int apply(IrOp op, int a, int b) {
    if (b == NONE || !out.isConstant(a) && !out.isConstant(b)) {
      return NONE;
    }
    int constant = out.isConstant(b) ? b : a;
    int other = constant == b ? a : b;
    long by = out.imm(constant);
    return switch (op) {
      case MUL -> product(other, by);
      case MUL32 -> wordProduct(other, (int) by);
      default -> constant == b ? divided(op, a, by) : NONE;
    };
  }

  private int divided(IrOp op, int a, long by) {
    return switch (op) {
      case DIVU -> unsigned(a, by);
      case REMU -> rest(IrOp.MUL, IrOp.SUB, a, unsigned(a, by), by);
      case DIV -> signed(a, by);
      case REM -> rest(IrOp.MUL, IrOp.SUB, a, signed(a, by), by);
      case DIVU32 -> unsignedWord(a, by);
      case REMU32 -> rest(IrOp.MUL32, IrOp.SUB32, a, unsignedWord(a, by), by);
      case DIV32 -> {
        int quotient = signedWord(a, (int) by);
        yield quotient == NONE ? NONE : emit(IrOp.ZEXT32, quotient, NONE);
      }
      case REM32 -> rest(IrOp.MUL32, IrOp.SUB32, a, signedWord(a, (int) by), by);
      default -> NONE;
    };
  }

  /** Three, five and nine times a value is one address computation. */
  private int product(int a, long by) {
    return by == 3 || by == 5 || by == 9
        ? emit(IrOp.ADD, a, shift(IrOp.SHL, a, Long.numberOfTrailingZeros(by - 1)))
        : NONE;
  }

  private int wordProduct(int a, int by) {
    if (Integer.bitCount(by) == 1) {
      return wordShift(IrOp.SHL32, a, Integer.numberOfTrailingZeros(by));
    }
    int sum = product(a, by);
    return sum == NONE ? NONE : emit(IrOp.ZEXT32, sum, NONE);
  }

  /** a - quotient × by. */
  private int rest(IrOp multiply, IrOp subtract, int a, int quotient, long by) {
    if (quotient == NONE) {
      return NONE;
    }
    boolean isPower = Long.bitCount(by) == 1;
    if (isPower && out.op(quotient) == IrOp.SHR) {
      return emit(IrOp.AND, a, constant(by - 1));
    }
    IrOp scale = multiply == IrOp.MUL ? IrOp.SHL : IrOp.SHL32;
    int product =
        isPower
            ? emit(scale, quotient, constant(Long.numberOfTrailingZeros(by)))
            : emit(multiply, quotient, constant(by));
    return emit(subtract, a, product);
  }

  private int unsignedWord(int a, long by) {
    return unsigned(word(a, IrOp.ZEXT32), by & 0xffff_ffffL);
  }

  private int signedWord(int a, int by) {
    return signed(word(a, IrOp.SEXT32), by);
  }

  private int word(int a, IrOp extension) {
    return KnownBits.isExtended(out, a, extension) ? a : emit(extension, a, NONE);
  }

  private int unsigned(int a, long by) {
    if (by <= 0) {
      return NONE; // At most one: hardly worth a thought.
    }
    if (Long.bitCount(by) == 1) {
      return shift(IrOp.SHR, a, Long.numberOfTrailingZeros(by));
    }
    int width = Math.min(64, KnownBits.zeroWidth(out, a));
    Reciprocal least = Reciprocal.of(by, width);
    if (width + least.bits() <= 64 && least.shift() < 64) {
      return shift(IrOp.SHR, emit(IrOp.MUL, a, constant(least.factor())), least.shift());
    }
    Reciprocal wide = least.atLeast(64);
    if (wide.bits() <= 64) {
      return shift(IrOp.SHR, emit(IrOp.MULHU, a, constant(wide.factor())), wide.shift() - 64);
    }
    int zeros = Long.numberOfTrailingZeros(by);
    if (zeros > 0) {
      return unsigned(shift(IrOp.SHR, a, zeros), by >> zeros);
    }
    // The factor's bit 64, which is one, stands for what is added.
    return halved(a, emit(IrOp.MULHU, a, constant(wide.factor())), wide.shift() - 64);
  }

  /** (a + product) >> bits, where the sum may have a bit more than fits. */
  private int halved(int a, int product, int bits) {
    int half = shift(IrOp.SHR, emit(IrOp.SUB, a, product), 1);
    return shift(IrOp.SHR, emit(IrOp.ADD, product, half), bits - 1);
  }

  private int signed(int a, long by) {
    if (by < 2) {
      return NONE;
    }
    if (KnownBits.zeroWidth(out, a) < 64) {
      return unsigned(a, by);
    }
    if (Long.bitCount(by) == 1) {
      return rounded(a, Long.numberOfTrailingZeros(by));
    }
    // Of the numbers that a may be the least one is farthest from 0: -2^width.
    int width = Math.min(64, KnownBits.signWidth(out, a)) - 1;
    Reciprocal least = Reciprocal.of(by, width);
    int floor;
    if (width + least.bits() <= 63 && least.shift() < 64) {
      floor = shift(IrOp.SAR, emit(IrOp.MUL, a, constant(least.factor())), least.shift());
    } else {
      Reciprocal wide = least.atLeast(64);
      int product = emit(IrOp.MULH, a, constant(wide.factor()));
      // A factor of 64 bits is 2^64 too small as a signed one.
      int high = wide.bits() == 64 ? emit(IrOp.ADD, product, a) : product;
      floor = shift(IrOp.SAR, high, wide.shift() - 64);
    }
    return emit(IrOp.SUB, floor, shift(IrOp.SAR, a, 63));
  }

  /** Divides by a power of two, towards zero. */
  private int rounded(int a, int power) {
    int lowBits = shift(IrOp.SHR, shift(IrOp.SAR, a, 63), 64 - power);
    return shift(IrOp.SAR, emit(IrOp.ADD, a, lowBits), power);
  }

  private int shift(IrOp op, int a, int count) {
    return count == 0 ? a : emit(op, a, constant(count));
  }

  /** As {@link #shift}, of words: the result is zero-extended even if nothing is shifted. */
  private int wordShift(IrOp op, int a, int count) {
    return count == 0 ? emit(IrOp.ZEXT32, a, NONE) : emit(op, a, constant(count));
  }

  private int constant(long value) {
    return emission.once(IrOp.CONST, NONE, NONE, NONE, value);
  }

  private int emit(IrOp op, int a, int b) {
    return emission.once(op, a, b, NONE, 0);
  }
}
