package dev.isomorph.translator.ir;

/** Writes IR as text: {@code v7 = ADD v3, v5}. */
public final class IrPrinter {
  /** Names for what the immediates of a block stand for. */
  public interface Names {
    /** As a plain block has them: guest registers, and guest addresses. */
    Names OF_BLOCK = new Names() {};

    /** The name of what a {@code GET} or {@code PUT} is of. */
    default String slot(int slot) {
      return StateSlot.name(slot);
    }

    /** The name of where a direct jump leads. */
    default String target(long target) {
      return "0x" + Long.toHexString(target);
    }
  }

  private IrPrinter() {}

  /** All operations, a line for each, under the guest instruction it came from. */
  static String print(IrBlock block) {
    StringBuilder out = new StringBuilder();
    int last = -1;
    for (int id = 0; id < block.size(); id++) {
      if (block.instructionOf(id) != last) {
        last = block.instructionOf(id);
        out.append("; 0x").append(Long.toHexString(block.pc(last))).append('\n');
      }
      out.append("  ").append(operation(block, id, Names.OF_BLOCK)).append('\n');
    }
    return out.toString();
  }

  /** One operation. */
  public static String operation(IrBlock block, int id, Names names) {
    IrOp op = block.op(id);
    StringBuilder out = new StringBuilder();
    if (op.type() != ValueType.NONE) {
      out.append('v').append(id).append(" = ");
    }
    out.append(op);
    String separator = " ";
    for (int i = 0; i < op.operands(); i++) {
      out.append(separator).append('v').append(block.operand(id, i));
      separator = ", ";
    }
    String immediate = immediate(block, id, op, names);
    if (!immediate.isEmpty()) {
      out.append(separator).append(immediate);
    }
    return out.toString();
  }

  private static String immediate(IrBlock block, int id, IrOp op, Names names) {
    long imm = block.imm(id);
    return switch (op) {
      case GET, PUT, GETF, PUTF -> names.slot((int) imm);
      case AMO32, AMO64 -> AmoKind.of(imm).name();
      case TRAP -> TrapKind.of(imm).name();
      case CONST -> Long.toString(imm);
      default -> {
        if (op.effect() == IrOp.Effect.EXIT && op.ordinal() <= IrOp.CALL.ordinal()) {
          yield names.target(imm);
        }
        yield imm == 0 ? "" : Long.toString(imm);
      }
    };
  }
}
