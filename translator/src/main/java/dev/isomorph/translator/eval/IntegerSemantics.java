package dev.isomorph.translator.eval;

import dev.isomorph.translator.ir.IrOp;

/**
 * What the pure integer operations of the IR compute. The evaluator and the optimiser's constant
 * folding share it.
 */
public final class IntegerSemantics {
  private static final long LOW_7_BITS_OF_BYTES = 0x7f7f_7f7f_7f7f_7f7fL;
  private static final long WORD = 0xffff_ffffL;

  private IntegerSemantics() {}

  /** Whether {@code op} is one of the operations of {@link #apply}. */
  public static boolean defines(IrOp op) {
    return op.ordinal() >= IrOp.ADD.ordinal() && op.ordinal() <= IrOp.SELECT.ordinal();
  }

  /**
   * The result of {@code op}; operands it does not have are ignored.
   *
   * @throws IllegalArgumentException unless {@link #defines} the operation
   */
  public static long apply(IrOp op, long a, long b, long c) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case SHL -> a << b;
      case SHR -> a >>> b;
      case SAR -> a >> b;
      case ROL -> Long.rotateLeft(a, (int) b);
      case ROR -> Long.rotateRight(a, (int) b);
      case MUL -> a * b;
      case MULH -> Math.multiplyHigh(a, b);
      case MULHU -> Math.unsignedMultiplyHigh(a, b);
      case MULHSU -> Math.multiplyHigh(a, b) + (b < 0 ? a : 0);
      case DIV -> b == 0 ? -1 : a / b;
      case DIVU -> b == 0 ? -1 : Long.divideUnsigned(a, b);
      case REM -> b == 0 ? a : a % b;
      case REMU -> b == 0 ? a : Long.remainderUnsigned(a, b);

      case ADD32 -> (a + b) & WORD;
      case SUB32 -> (a - b) & WORD;
      case SHL32 -> word((int) a << b);
      case SHR32 -> word((int) a >>> b);
      case SAR32 -> word((int) a >> b);
      case ROL32 -> word(Integer.rotateLeft((int) a, (int) b));
      case ROR32 -> word(Integer.rotateRight((int) a, (int) b));
      case MUL32 -> (a * b) & WORD;
      case DIV32 -> (int) b == 0 ? WORD : word((int) a / (int) b);
      case DIVU32 -> (int) b == 0 ? WORD : (a & WORD) / (b & WORD);
      case REM32 -> (int) b == 0 ? a & WORD : word((int) a % (int) b);
      case REMU32 -> (int) b == 0 ? a & WORD : (a & WORD) % (b & WORD);

      case SEXT8 -> (byte) a;
      case SEXT16 -> (short) a;
      case SEXT32 -> (int) a;
      case ZEXT8 -> a & 0xff;
      case ZEXT16 -> a & 0xffff;
      case ZEXT32 -> a & WORD;
      case RESIGN32 -> a >>> 31 == 1 ? (int) a : a;
      case CLZ -> Long.numberOfLeadingZeros(a);
      case CLZ32 -> Integer.numberOfLeadingZeros((int) a);
      case CTZ -> Long.numberOfTrailingZeros(a);
      case CTZ32 -> Integer.numberOfTrailingZeros((int) a);
      case CPOP -> Long.bitCount(a);
      case CPOP32 -> Integer.bitCount((int) a);
      case BSWAP -> Long.reverseBytes(a);
      case ORCB -> orCombineBytes(a);
      case CLMUL -> carrylessProductLow(a, b);
      case CLMULH -> carrylessProductFrom63(a, b) >>> 1;
      case CLMULR -> carrylessProductFrom63(a, b);

      case CMPEQ -> bit(a == b);
      case CMPNE -> bit(a != b);
      case CMPLT -> bit(a < b);
      case CMPGE -> bit(a >= b);
      case CMPLTU -> bit(Long.compareUnsigned(a, b) < 0);
      case CMPGEU -> bit(Long.compareUnsigned(a, b) >= 0);
      case SELECT -> a != 0 ? b : c;
      default -> throw new IllegalArgumentException(op + " is no pure integer operation");
    };
  }

  /**
   * Whether the side exit {@code op} leaves its block.
   *
   * @throws IllegalArgumentException unless {@link IrOp#isSideExit}
   */
  public static boolean leaves(IrOp op, long a, long b) {
    IrOp comparison =
        switch (op) {
          case EXIT_EQ -> IrOp.CMPEQ;
          case EXIT_NE -> IrOp.CMPNE;
          case EXIT_LT -> IrOp.CMPLT;
          case EXIT_GE -> IrOp.CMPGE;
          case EXIT_LTU -> IrOp.CMPLTU;
          case EXIT_GEU -> IrOp.CMPGEU;
          default -> throw new IllegalArgumentException(op + " is no side exit");
        };
    return apply(comparison, a, b, 0) != 0;
  }

  private static long word(int value) {
    return value & WORD;
  }

  private static long bit(boolean condition) {
    return condition ? 1 : 0;
  }

  private static long orCombineBytes(long a) {
    // Adding 0x7f to a byte's low seven bits carries into its top bit unless they are all zero.
    long topBits = ((a & LOW_7_BITS_OF_BYTES) + LOW_7_BITS_OF_BYTES) | a;
    return ((topBits & ~LOW_7_BITS_OF_BYTES) >>> 7) * 0xff;
  }

  private static long carrylessProductLow(long a, long b) {
    long product = 0;
    for (int i = 0; i < Long.SIZE; i++) {
      product ^= (a << i) & -(b >>> i & 1);
    }
    return product;
  }

  /** Bits 63 to 126 of the 127-bit carry-less product. */
  private static long carrylessProductFrom63(long a, long b) {
    long product = 0;
    for (int i = 0; i < Long.SIZE; i++) {
      product ^= (a >>> (63 - i)) & -(b >>> i & 1);
    }
    return product;
  }
}
