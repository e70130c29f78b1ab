package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * Products, quotients and remainders by a constant, made of cheaper operations. Quotients are high
 * halves of products with a reciprocal (Granlund and Montgomery, "Division by Invariant Integers
 * using Multiplication", 1994); remainders are what is left.
 */
final class StrengthReduction {
  private final IrBlock out;
  private int instruction;

  StrengthReduction(IrBlock out) {
    this.out = out;
  }

  /**
   * Emits what gives the same as an operation of operands that are not both constants.
   *
   * @return the result, {@link IrBlock#NONE} if there is nothing cheaper
   */
  int apply(int instruction, IrOp op, int a, int b) {
    this.instruction = instruction;
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
    long unsignedWord = by & 0xffff_ffffL;
    return switch (op) {
      case DIVU -> quotient(a, by);
      case REMU -> rest(IrOp.MUL, IrOp.SUB, a, quotient(a, by), by);
      case DIV -> signedQuotient(a, by);
      case REM -> rest(IrOp.MUL, IrOp.SUB, a, signedQuotient(a, by), by);
      case DIVU32 -> wordQuotient(a, unsignedWord);
      case REMU32 -> rest(IrOp.MUL32, IrOp.SUB32, a, wordQuotient(a, unsignedWord), by);
      case DIV32 -> signedWordQuotient(a, (int) by);
      case REM32 -> rest(IrOp.MUL32, IrOp.SUB32, a, signedWordQuotient(a, (int) by), by);
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
    return quotient == NONE ? NONE : emit(subtract, a, emit(multiply, quotient, constant(by)));
  }

  private int quotient(int a, long by) {
    if (Long.bitCount(by) == 1) {
      return shift(IrOp.SHR, a, Long.numberOfTrailingZeros(by));
    }
    if (by == 0 || by < 0) {
      return NONE; // At most one: hardly worth a thought.
    }
    // 2^(64 + bits) / by, rounded up, without its bit 64, which is one.
    int bits = 64 - Long.numberOfLeadingZeros(by - 1);
    long reciprocal = divideTwoWords((1L << bits) - by, by) + 1;
    return halved(a, emit(IrOp.MULHU, a, constant(reciprocal)), bits);
  }

  /** The quotient of high × 2^64, high less than a positive divisor, by long division. */
  private static long divideTwoWords(long high, long by) {
    long quotient = 0;
    long rest = high;
    for (int i = 0; i < Long.SIZE; i++) {
      rest <<= 1; // The divisor has 63 bits at most.
      quotient <<= 1;
      if (Long.compareUnsigned(rest, by) >= 0) {
        rest -= by;
        quotient |= 1;
      }
    }
    return quotient;
  }

  /** (a + product) >> bits, where the sum may have a bit more than fits. */
  private int halved(int a, int product, int bits) {
    int half = shift(IrOp.SHR, emit(IrOp.SUB, a, product), 1);
    return shift(IrOp.SHR, emit(IrOp.ADD, product, half), bits - 1);
  }

  private int wordQuotient(int a, long by) {
    if (by == 0) {
      return NONE;
    }
    if (Long.bitCount(by) == 1) {
      return wordShift(IrOp.SHR32, a, Long.numberOfTrailingZeros(by));
    }
    int bits = 64 - Long.numberOfLeadingZeros(by - 1);
    // Without its bit 32, which is one.
    long reciprocal = ((1L << bits) - by << 32) / by + 1;
    int word = emit(IrOp.ZEXT32, a, NONE);
    int product = shift(IrOp.SHR, emit(IrOp.MUL, word, constant(reciprocal)), 32);
    return halved(word, product, bits);
  }

  private int signedQuotient(int a, long by) {
    if (by < 2) {
      return NONE;
    }
    if (Long.bitCount(by) == 1) {
      return rounded(a, Long.numberOfTrailingZeros(by));
    }
    // 2^(63 + bits) / by, rounded up, has 64 bits: as a signed factor it is 2^64 too small.
    int bits = 64 - Long.numberOfLeadingZeros(by - 1);
    long reciprocal = divideTwoWords(1L << bits - 1, by) + 1;
    int product = emit(IrOp.ADD, emit(IrOp.MULH, a, constant(reciprocal)), a);
    return emit(IrOp.SUB, shift(IrOp.SAR, product, bits - 1), shift(IrOp.SAR, a, 63));
  }

  private int signedWordQuotient(int a, int by) {
    if (by < 2) {
      return NONE;
    }
    int word = emit(IrOp.SEXT32, a, NONE);
    if (Integer.bitCount(by) == 1) {
      return emit(IrOp.ZEXT32, rounded(word, Integer.numberOfTrailingZeros(by)), NONE);
    }
    int bits = 32 - Integer.numberOfLeadingZeros(by - 1);
    long reciprocal = (1L << 31 + bits) / by + 1;
    int product = shift(IrOp.SAR, emit(IrOp.MUL, word, constant(reciprocal)), 31 + bits);
    return emit(IrOp.ZEXT32, emit(IrOp.SUB, product, shift(IrOp.SAR, word, 63)), NONE);
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
    return out.emitFor(instruction, IrOp.CONST, NONE, NONE, NONE, value);
  }

  private int emit(IrOp op, int a, int b) {
    return out.emitFor(instruction, op, a, b, NONE, 0);
  }
}
