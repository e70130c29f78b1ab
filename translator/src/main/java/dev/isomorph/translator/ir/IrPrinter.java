package dev.isomorph.translator.ir;

/** Writes IR as text: {@code v7 = ADD v3, v5}, under the guest instruction it came from. */
final class IrPrinter {
  private IrPrinter() {}

  static String print(IrBlock block) {
    StringBuilder out = new StringBuilder();
    int last = -1;
    for (int id = 0; id < block.size(); id++) {
      if (block.instructionOf(id) != last) {
        last = block.instructionOf(id);
        out.append("; 0x").append(Long.toHexString(block.pc(last))).append('\n');
      }
      printOp(block, id, out);
    }
    return out.toString();
  }

  private static void printOp(IrBlock block, int id, StringBuilder out) {
    IrOp op = block.op(id);
    out.append("  ");
    if (op.type() != ValueType.NONE) {
      out.append('v').append(id).append(" = ");
    }
    out.append(op);
    int[] operands = {block.a(id), block.b(id), block.c(id)};
    String separator = " ";
    for (int i = 0; i < op.operands(); i++) {
      out.append(separator).append('v').append(operands[i]);
      separator = ", ";
    }
    String immediate = immediate(block, id, op);
    if (!immediate.isEmpty()) {
      out.append(separator).append(immediate);
    }
    out.append('\n');
  }

  private static String immediate(IrBlock block, int id, IrOp op) {
    long imm = block.imm(id);
    return switch (op) {
      case GET, PUT, GETF, PUTF -> StateSlot.name((int) imm);
      case AMO32, AMO64 -> AmoKind.of(imm).name();
      case TRAP -> TrapKind.of(imm).name();
      case CONST -> Long.toString(imm);
      default -> {
        if (op.effect() == IrOp.Effect.EXIT && op.ordinal() <= IrOp.CALL.ordinal()) {
          yield "0x" + Long.toHexString(imm);
        }
        yield imm == 0 ? "" : Long.toString(imm);
      }
    };
  }
}
