package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrOp;

/** How much of its operands an operation looks at. */
final class Demand {
  static final byte NOTHING = 0;

  /** The low 32 bits. */
  static final byte WORD = 1;

  static final byte ALL = 2;

  private Demand() {}

  /** What is demanded of a first operand of an operation whose own result is in {@code result}. */
  static byte ofFirst(IrOp op, byte result) {
    return switch (op) {
      case ADD32, SUB32, SHL32, SHR32, SAR32, ROL32, ROR32, MUL32 -> WORD;
      case DIV32, DIVU32, REM32, REMU32 -> WORD;
      case SEXT8, SEXT16, SEXT32, ZEXT8, ZEXT16, ZEXT32 -> WORD;
      case CLZ32, CTZ32, CPOP32 -> WORD;
      case FCVT_S_W, FCVT_S_WU, FCVT_D_W, FCVT_D_WU -> WORD;
      case ADD, SUB, MUL, AND, OR, XOR, SHL -> result;
      default -> ALL;
    };
  }

  /** As {@link #ofFirst}, of a second operand. */
  static byte ofSecond(IrOp op, byte result) {
    return switch (op) {
      case ADD32, SUB32, SHL32, SHR32, SAR32, ROL32, ROR32, MUL32 -> WORD;
      case DIV32, DIVU32, REM32, REMU32 -> WORD;
      case SHL, SHR, SAR, ROL, ROR -> WORD;
      case ST8, ST16, ST32, STF_S -> WORD;
      case ADD, SUB, MUL, AND, OR, XOR -> result;
      default -> ALL;
    };
  }

  /** Whether an operation gives a value with the low word of its operand. */
  static boolean changesNoWord(IrOp op) {
    return op == IrOp.SEXT32 || op == IrOp.ZEXT32 || op == IrOp.BOX_S;
  }

  /**
   * Whether an operation of doubles gives the same for all quiet NaNs, as its own result is made
   * canonical or is not a float.
   */
  static boolean ignoresDoubleNans(IrOp op) {
    return switch (op) {
      case FADD_D, FSUB_D, FMUL_D, FDIV_D, FSQRT_D -> true;
      case FMADD_D, FMSUB_D, FNMADD_D, FNMSUB_D -> true;
      case FEQ_D, FLT_D, FLE_D, FLTQ_D, FLEQ_D -> true;
      case FCVT_W_D, FCVT_WU_D, FCVT_L_D, FCVT_LU_D, FCVT_S_D -> true;
      case FMIN_D, FMAX_D, FMINM_D, FMAXM_D -> true;
      default -> false;
    };
  }

  /** As {@link #ignoresDoubleNans}, of singles: the low half of what may be a double, too. */
  static boolean ignoresSingleNans(IrOp op) {
    return switch (op) {
      case FADD_S, FSUB_S, FMUL_S, FDIV_S, FSQRT_S -> true;
      case FMADD_S, FMSUB_S, FNMADD_S, FNMSUB_S -> true;
      case FEQ_S, FLT_S, FLE_S, FLTQ_S, FLEQ_S -> true;
      case FCVT_W_S, FCVT_WU_S, FCVT_L_S, FCVT_LU_S, FCVT_D_S -> true;
      case FMIN_S, FMAX_S, FMINM_S, FMAXM_S -> true;
      default -> false;
    };
  }
}
