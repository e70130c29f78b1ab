package dev.isomorph.hostbackend.lower;

import dev.isomorph.decoder.Instruction;

/**
 * Arithmetic of two registers, or shifts of one, into a third one (ISA manual, "Integer
 * Computational Instructions"). There are too many combinations of registers to keep code of each,
 * so it is put together from a move and the same on one register less.
 */
final class ThreeRegisters {
  private static final int OP_IMM = 0x13;
  private static final int OP_IMM_32 = 0x1b;
  private static final int OP = 0x33;
  private static final int OP_32 = 0x3b;
  private static final int RS1 = 31 << 15;
  private static final int FUNCT = 0xfe00_707f;

  private ThreeRegisters() {}

  private static int rd(int bits) {
    return bits >>> 7 & 31;
  }

  private static int rs1(int bits) {
    return bits >>> 15 & 31;
  }

  private static int rs2(int bits) {
    return bits >>> 20 & 31;
  }

  /** Whether it does the same as {@link #move}, then {@link #onItself}, if all are defined. */
  static boolean isTwoSteps(int bits) {
    if (Instruction.lengthOf(bits) == 2 || rd(bits) == 0 || rd(bits) == rs1(bits)) {
      return false;
    }
    return switch (bits & 0x7f) {
      case OP, OP_32 -> rd(bits) != rs2(bits);
      case OP_IMM, OP_IMM_32 -> (bits & 0x3000) == 0x1000;
      default -> false;
    };
  }

  /** The encoding of {@code addi rd, rs1, 0}. */
  static int move(int bits) {
    return OP_IMM | bits & (RS1 | 31 << 7);
  }

  /** The same encoding with rd as rs1. */
  static int onItself(int bits) {
    return bits & ~RS1 | rd(bits) << 15;
  }

  /** The encoding, or an equivalent one whose rd is rs1 if it was rs2. */
  static int inOrder(int bits) {
    if (rd(bits) != rs2(bits) || Instruction.lengthOf(bits) == 2 || !isCommutative(bits)) {
      return bits;
    }
    return bits & ~(RS1 | 31 << 20) | rs2(bits) << 15 | rs1(bits) << 20;
  }

  private static boolean isCommutative(int bits) {
    return switch (bits & FUNCT) {
      case OP, // add
          OP | 4 << 12, // xor
          OP | 6 << 12, // or
          OP | 7 << 12, // and
          OP_32, // addw
          OP | 1 << 25, // mul
          OP_32 | 1 << 25 -> // mulw
          true;
      default -> false;
    };
  }
}
