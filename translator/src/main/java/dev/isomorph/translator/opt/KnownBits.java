package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * What is known of a value's upper bits from the operation that makes it: the width in bits from
 * which it is certainly a zero or a sign extension.
 */
final class KnownBits {
  private static final int UNKNOWN = 65;

  /** How many operations deep bitwise logic is looked through. */
  private static final int MAX_DEPTH = 3;

  private KnownBits() {}

  /** Whether extending {@code value} by {@code extension} would not change it. */
  static boolean isExtended(IrBlock block, int value, IrOp extension) {
    return switch (extension) {
      case ZEXT8 -> zeroWidth(block, value) <= 8;
      case ZEXT16 -> zeroWidth(block, value) <= 16;
      case ZEXT32 -> zeroWidth(block, value) <= 32;
      case SEXT8 -> isSignExtended(block, value, 8);
      case SEXT16 -> isSignExtended(block, value, 16);
      case SEXT32 -> isSignExtended(block, value, 32);
      default -> false;
    };
  }

  private static boolean isSignExtended(IrBlock block, int value, int width) {
    return signWidth(block, value, MAX_DEPTH) <= width || zeroWidth(block, value) < width;
  }

  /** All bits from this one up are zero; more than 64 if none is known to be. */
  static int zeroWidth(IrBlock block, int value) {
    return switch (block.op(value)) {
      case CONST -> 64 - Long.numberOfLeadingZeros(block.imm(value));
      case CMPEQ, CMPNE, CMPLT, CMPGE, CMPLTU, CMPGEU -> 1;
      case FEQ_S, FEQ_D, FLT_S, FLT_D, FLE_S, FLE_D, FLTQ_S, FLTQ_D, FLEQ_S, FLEQ_D -> 1;
      case SC32, SC64 -> 1;
      case CLZ, CLZ32, CTZ, CTZ32, CPOP, CPOP32 -> 7;
      case ZEXT8, LD8U -> 8;
      case FCLASS_S, FCLASS_D -> 10;
      case ZEXT16, LD16U -> 16;
      case ZEXT32, LD32U -> 32;
      case ADD32, SUB32, SHL32, SAR32, ROL32, ROR32, MUL32 -> 32;
      case SHR32 ->
          block.isConstant(block.b(value)) ? 32 - (int) (block.imm(block.b(value)) & 31) : 32;
      case DIV32, DIVU32, REM32, REMU32 -> 32;
      case AND -> block.isConstant(block.b(value)) ? zeroWidth(block, block.b(value)) : UNKNOWN;
      case SHR ->
          block.isConstant(block.b(value)) ? 64 - (int) (block.imm(block.b(value)) & 63) : UNKNOWN;
      default -> UNKNOWN;
    };
  }

  /** All bits from the one below this up are equal; more than 64 if that is not known. */
  static int signWidth(IrBlock block, int value) {
    return signWidth(block, value, MAX_DEPTH);
  }

  private static int signWidth(IrBlock block, int value, int depth) {
    return switch (block.op(value)) {
      case CONST -> {
        long v = block.imm(value);
        long withoutSigns = v ^ v >> 63;
        yield 65 - Long.numberOfLeadingZeros(withoutSigns);
      }
      case SEXT8, LD8S -> 8;
      case SEXT16, LD16S -> 16;
      case SEXT32, LD32S, LR32, AMO32 -> 32;
      case FCVT_W_S, FCVT_W_D, FCVT_WU_S, FCVT_WU_D, FCVTMOD_W_D -> 32;
      case SAR ->
          block.isConstant(block.b(value)) ? 64 - (int) (block.imm(block.b(value)) & 63) : UNKNOWN;
      case AND, OR, XOR ->
          depth == 0
              ? UNKNOWN
              : Math.max(
                  extendedWidth(block, block.a(value), depth - 1),
                  extendedWidth(block, block.b(value), depth - 1));
      default -> UNKNOWN;
    };
  }

  /** As {@link #signWidth}; a zero extension is a sign extension one bit wider. */
  private static int extendedWidth(IrBlock block, int value, int depth) {
    return Math.min(signWidth(block, value, depth), zeroWidth(block, value) + 1);
  }
}
