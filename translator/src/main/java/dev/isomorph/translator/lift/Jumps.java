package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;

/** What instructions are to the flow of control. */
public final class Jumps {
  private static final int RA = 1;
  private static final int ALTERNATE_LINK = 5;

  private Jumps() {}

  static boolean isBranch(Instruction instruction) {
    return switch (instruction.opcode()) {
      case BEQ, BNE, BLT, BGE, BLTU, BGEU -> true;
      default -> false;
    };
  }

  /** Whether it only goes on elsewhere. */
  static boolean isPlainJump(Instruction instruction) {
    return instruction.opcode() == Opcode.JAL && instruction.rd() == 0;
  }

  /** Whether it calls a function at a known address. */
  public static boolean isCall(Instruction instruction) {
    return instruction.opcode() == Opcode.JAL && instruction.rd() == RA;
  }

  /** Whether it calls a function whose address is computed. */
  public static boolean isIndirectCall(Instruction instruction) {
    return instruction.opcode() == Opcode.JALR && instruction.rd() == RA;
  }

  /** Whether it goes on at an address that is computed, and is no return. */
  static boolean isIndirectJump(Instruction instruction) {
    return instruction.opcode() == Opcode.JALR
        && instruction.rd() == 0
        && instruction.rs1() != RA
        && instruction.rs1() != ALTERNATE_LINK;
  }

  static boolean isReturn(Instruction instruction) {
    return instruction.opcode() == Opcode.JALR
        && instruction.rd() == 0
        && instruction.rs1() == RA
        && instruction.imm() == 0;
  }

  /** Whether what stands behind it need not follow. */
  static boolean endsNode(Instruction instruction) {
    return switch (instruction.opcode()) {
      case JAL, JALR, ECALL, EBREAK, FENCE_I, ILLEGAL -> true;
      default -> false;
    };
  }

  static boolean writesReturnAddress(Instruction instruction) {
    // Rows with another kind of destination are few; what is kept is only a better guess less.
    return instruction.rd() == RA;
  }
}
