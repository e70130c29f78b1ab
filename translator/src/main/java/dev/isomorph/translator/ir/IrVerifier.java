package dev.isomorph.translator.ir;

/**
 * Checks that a block is well formed: operands are earlier values of the right type, immediates
 * mean something, guest instructions come in order, and control leaves at the last operation and
 * nowhere before. For tests and assertions; says nothing of what the code computes.
 */
public final class IrVerifier {
  private static final int MAX_ROUNDING_MODE = 4;
  private static final int DYNAMIC_ROUNDING_MODE = 7;
  private static final int FIRST_COUNTER = 0xc00;
  private static final int LAST_COUNTER = 0xc02;

  private final IrBlock block;

  private IrVerifier(IrBlock block) {
    this.block = block;
  }

  /**
   * Checks a block, in the form of an assertion's condition.
   *
   * @return true
   * @throws IllegalStateException naming the first fault, with the block
   */
  public static boolean verify(IrBlock block) {
    new IrVerifier(block).verify();
    return true;
  }

  private void verify() {
    int last = block.size() - 1;
    check(last >= 0, last, "is empty");
    int owner = 0;
    for (int id = 0; id <= last; id++) {
      IrOp op = block.op(id);
      verifyOperand(id, op, 0, block.a(id));
      verifyOperand(id, op, 1, block.b(id));
      verifyOperand(id, op, 2, block.c(id));
      check(immediateIsValid(id, op), id, "has a wrong immediate");
      check(op.endsBlock() == (id == last), id, id == last ? "goes on" : "ends before its last");
      check(
          block.instructionOf(id) >= owner && block.instructionOf(id) < block.instructionCount(),
          id,
          "is of a wrong instruction");
      owner = block.instructionOf(id);
    }
  }

  private void verifyOperand(int id, IrOp op, int index, int operand) {
    if (index < op.operands()) {
      check(operand >= 0 && operand < id, id, "uses no earlier value");
      check(block.op(operand).type() == operandType(op, index), id, "uses a value of a wrong type");
      check(!isReturnPc(op, index) || block.isConstant(operand), id, "returns to no constant");
    }
  }

  private static boolean isReturnPc(IrOp op, int index) {
    return op == IrOp.CALL || op == IrOp.CALL_INDIRECT && index == 1;
  }

  private static ValueType operandType(IrOp op, int index) {
    return switch (op) {
      case STF_S, STF_D -> index == 0 ? ValueType.INT : ValueType.FLOAT;
      case LDF_S, LDF_D, BITS_TO_FLOAT -> ValueType.INT;
      case FCVT_S_W, FCVT_S_WU, FCVT_S_L, FCVT_S_LU -> ValueType.INT;
      case FCVT_D_W, FCVT_D_WU, FCVT_D_L, FCVT_D_LU -> ValueType.INT;
      case PUTF, FLOAT_TO_BITS, FCLASS_S, FCLASS_D -> ValueType.FLOAT;
      case FEQ_S, FLT_S, FLE_S, FLTQ_S, FLEQ_S -> ValueType.FLOAT;
      case FEQ_D, FLT_D, FLE_D, FLTQ_D, FLEQ_D -> ValueType.FLOAT;
      case FCVT_W_S, FCVT_WU_S, FCVT_L_S, FCVT_LU_S -> ValueType.FLOAT;
      case FCVT_W_D, FCVT_WU_D, FCVT_L_D, FCVT_LU_D, FCVTMOD_W_D -> ValueType.FLOAT;
      default -> op.type() == ValueType.FLOAT ? ValueType.FLOAT : ValueType.INT;
    };
  }

  private boolean immediateIsValid(int id, IrOp op) {
    long imm = block.imm(id);
    return switch (op) {
      case GET, PUT ->
          imm > 0 && imm < StateSlot.F0 || imm >= StateSlot.FRM && imm < StateSlot.COUNT;
      case GETF, PUTF -> imm >= StateSlot.F0 && imm < StateSlot.FRM;
      case AMO32, AMO64 -> imm >= 0 && imm < AmoKind.values().length;
      case TRAP -> imm >= 0 && imm < TrapKind.values().length;
      case FENCE -> imm == 0 || imm == 1;
      case COUNTER -> imm >= FIRST_COUNTER && imm <= LAST_COUNTER;
      case EXIT_EQ, EXIT_NE, EXIT_LT, EXIT_GE, EXIT_LTU, EXIT_GEU, JUMP, CALL -> (imm & 1) == 0;
      case FADD_S, FSUB_S, FMUL_S, FDIV_S, FSQRT_S -> isRoundingMode(imm);
      case FADD_D, FSUB_D, FMUL_D, FDIV_D, FSQRT_D -> isRoundingMode(imm);
      case FMADD_S, FMSUB_S, FNMSUB_S, FNMADD_S -> isRoundingMode(imm);
      case FMADD_D, FMSUB_D, FNMSUB_D, FNMADD_D -> isRoundingMode(imm);
      case FROUND_S, FROUND_D, FROUNDNX_S, FROUNDNX_D -> isRoundingMode(imm);
      case FCVT_W_S, FCVT_WU_S, FCVT_L_S, FCVT_LU_S -> isRoundingMode(imm);
      case FCVT_W_D, FCVT_WU_D, FCVT_L_D, FCVT_LU_D -> isRoundingMode(imm);
      case FCVT_S_W, FCVT_S_WU, FCVT_S_L, FCVT_S_LU -> isRoundingMode(imm);
      case FCVT_D_W, FCVT_D_WU, FCVT_D_L, FCVT_D_LU -> isRoundingMode(imm);
      case FCVT_S_D, FCVT_D_S, FCVT_S_H, FCVT_H_S, FCVT_D_H, FCVT_H_D -> isRoundingMode(imm);
      default -> !op.accessesMemory() || imm == (int) imm;
    };
  }

  private static boolean isRoundingMode(long imm) {
    return imm >= 0 && imm <= MAX_ROUNDING_MODE || imm == DYNAMIC_ROUNDING_MODE;
  }

  private void check(boolean holds, int id, String fault) {
    if (!holds) {
      throw new IllegalStateException("operation " + id + " " + fault + " in\n" + block);
    }
  }
}
