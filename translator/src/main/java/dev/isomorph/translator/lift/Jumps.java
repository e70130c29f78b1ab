package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.Registers;

/** What instructions are to the flow of control. */
public final class Jumps {
  private Jumps() {}

  /** Whether it goes on elsewhere by a condition. */
  public static boolean isBranch(Instruction instruction) {
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
    return instruction.opcode() == Opcode.JAL && instruction.rd() == Registers.RA;
  }

  /** Whether it calls a function whose address is computed. */
  public static boolean isIndirectCall(Instruction instruction) {
    return instruction.opcode() == Opcode.JALR && instruction.rd() == Registers.RA;
  }

  /** Whether it goes on at an address that is computed, and is no return, be it by t0. */
  static boolean isIndirectJump(Instruction instruction) {
    return instruction.opcode() == Opcode.JALR
        && instruction.rd() == 0
        && instruction.rs1() != Registers.RA
        && instruction.rs1() != Registers.T0;
  }

  static boolean isReturn(Instruction instruction) {
    return instruction.opcode() == Opcode.JALR
        && instruction.rd() == 0
        && instruction.rs1() == Registers.RA
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
    return instruction.rd() == Registers.RA;
  }
}
