package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;

/** What instructions do with their own address. */
public final class AddressUse {
  /**
   * Addresses from here on, and what a few instructions make of them, are longer than 32 bits: host
   * code has them as numbers of 64.
   */
  private static final long LEAST = 1L << 33;

  private AddressUse() {}

  /** Whether code at a guest address can be what code at other such addresses is. */
  public static boolean isMovable(long pc) {
    return pc >= LEAST;
  }

  /**
   * Whether code only adds to its addresses and accesses what is there, so that it is the same
   * code, but for these, at all {@linkplain #isMovable addresses} where it can be.
   */
  public static boolean isLinear(int[] encodings) {
    int made = 0;
    boolean makesOther = false;
    for (int encoding : encodings) {
      Instruction instruction = Decoder.decode(encoding);
      switch (instruction.opcode()) {
        case AUIPC -> made |= 1 << instruction.rd();
        // What is as large as an address but is none could be equal to one.
        case LUI, SLLI, SLLI_UW -> makesOther = true;
        default -> {
          boolean usesSecond = (made >>> instruction.rs2() & 1) != 0;
          boolean uses = (made >>> instruction.rs1() & 1) != 0 || usesSecond;
          if (uses && !isAddition(instruction) || usesSecond && storesPart(instruction)) {
            return false;
          }
          if (uses) {
            made |= 1 << instruction.rd();
          }
        }
      }
      made &= ~1; // x0, which is the destination of stores, too.
    }
    return made == 0 || !makesOther;
  }

  /** Whether it stores less than an address: host code has only so many bytes of that. */
  private static boolean storesPart(Instruction instruction) {
    return switch (instruction.opcode()) {
      case SB, SH, SW -> true;
      default -> false;
    };
  }

  /** Whether what is made of an address is the address of something else, or what is there. */
  private static boolean isAddition(Instruction instruction) {
    return switch (instruction.opcode()) {
      case ADDI, ADD, JALR -> true;
      case LB, LH, LW, LD, LBU, LHU, LWU, FLW, FLD, SB, SH, SW, SD, FSW, FSD -> true;
      default -> false;
    };
  }
}
