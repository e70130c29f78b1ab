package dev.isomorph.hostbackend.lower;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;

/**
 * Instructions that compilers emit often, one of each class that {@link StencilMaker} tells apart:
 * all compressed ones, and those with immediates or up to two registers. The numbers are those of
 * the ISA manual's listings.
 */
final class CommonEncodings {
  private static final int REGISTERS = 32;
  private static final int LOAD = 0x03;
  private static final int LOAD_FP = 0x07;
  private static final int OP_IMM = 0x13;
  private static final int OP_IMM_32 = 0x1b;
  private static final int STORE = 0x23;
  private static final int STORE_FP = 0x27;
  private static final int OP = 0x33;
  private static final int OP_32 = 0x3b;
  private static final int OP_FP = 0x53;
  private static final int BRANCH = 0x63;
  private static final int ARITHMETIC = 1 << 30;
  private static final int MULTIPLY = 1 << 25;
  private static final int DYNAMIC = 7 << 12;

  /** Loads, and the distances they are made with: one of each class, and those with none. */
  private static final int[] LOADS = {
    LOAD | 1 << 12,
    LOAD | 2 << 12,
    LOAD | 3 << 12,
    LOAD | 5 << 12,
    LOAD | 6 << 12,
    LOAD_FP | 2 << 12,
    LOAD_FP | 3 << 12,
  };

  private static final int[] BYTE_LOADS = {LOAD, LOAD | 4 << 12};

  private static final int[] STORES = {
    STORE | 1 << 12, STORE | 2 << 12, STORE | 3 << 12, STORE_FP | 2 << 12, STORE_FP | 3 << 12,
  };

  private static final int[] BYTE_STORES = {STORE};

  private static final int[] DISTANCES = {0, 0x35, 0x5a5};
  private static final int[] NUMBERS = {0, 1, -1, 0x35, 0x5a5};

  private static final int[] IMMEDIATES = {
    OP_IMM,
    OP_IMM | 2 << 12,
    OP_IMM | 3 << 12,
    OP_IMM | 4 << 12,
    OP_IMM | 6 << 12,
    OP_IMM | 7 << 12,
    OP_IMM_32,
  };

  private static final int[] LONG_SHIFTS = {
    OP_IMM | 1 << 12, OP_IMM | 5 << 12, OP_IMM | 5 << 12 | ARITHMETIC,
  };

  private static final int[] WORD_SHIFTS = {
    OP_IMM_32 | 1 << 12, OP_IMM_32 | 5 << 12, OP_IMM_32 | 5 << 12 | ARITHMETIC,
  };

  private static final int[] BRANCHES = {
    BRANCH,
    BRANCH | 1 << 12,
    BRANCH | 4 << 12,
    BRANCH | 5 << 12,
    BRANCH | 6 << 12,
    BRANCH | 7 << 12,
  };

  private static final int[] ON_ITSELF = {
    OP,
    OP | 1 << 12,
    OP | 2 << 12,
    OP | 3 << 12,
    OP | 4 << 12,
    OP | 5 << 12,
    OP | 6 << 12,
    OP | 7 << 12,
    OP | ARITHMETIC,
    OP | 5 << 12 | ARITHMETIC,
    OP_32,
    OP_32 | 1 << 12,
    OP_32 | 5 << 12,
    OP_32 | ARITHMETIC,
    OP_32 | 5 << 12 | ARITHMETIC,
    OP | MULTIPLY,
    OP | MULTIPLY | 3 << 12,
    OP_32 | MULTIPLY,
  };

  /** Those of the above that are another thing with the operands the other way round. */
  private static final int[] ORDERED = {
    OP | ARITHMETIC, OP_32 | ARITHMETIC, OP | 2 << 12, OP | 3 << 12, OP | 1 << 12, OP_32 | 1 << 12,
  };

  /** Float arithmetic: add, sub, mul, div, in single and double precision. */
  private static final int[] FLOATS = {
    OP_FP | DYNAMIC,
    OP_FP | DYNAMIC | 1 << 27,
    OP_FP | DYNAMIC | 2 << 27,
    OP_FP | DYNAMIC | 3 << 27,
  };

  private static final int DOUBLE = 1 << 25;

  /** The float registers that compilers take first. */
  private static final int[] FLOAT_REGISTERS = {15, 14, 13, 12, 11, 10, 0, 1, 2, 3};

  private final StencilMaker maker;

  CommonEncodings(StencilMaker maker) {
    this.maker = maker;
  }

  /** Has the code of all of them made. */
  void make() {
    compressed();
    immediates(LOADS, DISTANCES);
    immediates(BYTE_LOADS, NUMBERS);
    immediates(IMMEDIATES, NUMBERS);
    stores(STORES, DISTANCES);
    stores(BYTE_STORES, NUMBERS);
    for (int a = 0; a < REGISTERS; a++) {
      for (int b = 0; b < REGISTERS; b++) {
        all(BRANCHES, a << 15 | b << 20);
        all(ON_ITSELF, a << 7 | a << 15 | b << 20);
        all(ORDERED, a << 7 | b << 15 | a << 20);
        all(WORD_SHIFTS, a << 7 | a << 15 | b << 20);
        all(LONG_SHIFTS, a << 7 | a << 15 | b << 20);
        all(LONG_SHIFTS, a << 7 | a << 15 | b + REGISTERS << 20);
      }
      jumpsAndConstants(a);
    }
    floats();
  }

  private void all(int[] instructions, int operands) {
    for (int instruction : instructions) {
      maker.stencilOf(instruction | operands);
    }
  }

  private void compressed() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      Instruction instruction = Decoder.decode(bits);
      if (instruction.length() == 2 && instruction.opcode() != Opcode.ILLEGAL) {
        maker.stencilOf(bits);
      }
    }
  }

  private void immediates(int[] instructions, int[] numbers) {
    for (int number : numbers) {
      for (int registers = 0; registers < REGISTERS * REGISTERS; registers++) {
        all(instructions, number << 20 | registers >> 5 << 15 | (registers & 31) << 7);
      }
    }
  }

  private void stores(int[] instructions, int[] distances) {
    for (int distance : distances) {
      for (int registers = 0; registers < REGISTERS * REGISTERS; registers++) {
        int operands = registers >> 5 << 15 | (registers & 31) << 20;
        all(instructions, operands | distance >> 5 << 25 | (distance & 31) << 7);
      }
    }
  }

  private void jumpsAndConstants(int register) {
    maker.stencilOf(register << 7 | 0x17); // auipc
    maker.stencilOf(register << 7 | 0x37); // lui
    maker.stencilOf(register << 7 | 0x6f); // jal
    for (Constants constants : Constants.values()) {
      maker.stencilOfConstant(register, constants.samples[0]);
    }
  }

  private void floats() {
    for (int rd : FLOAT_REGISTERS) {
      for (int rs1 : FLOAT_REGISTERS) {
        for (int rs2 : FLOAT_REGISTERS) {
          int operands = rd << 7 | rs1 << 15 | rs2 << 20;
          all(FLOATS, operands);
          all(FLOATS, operands | DOUBLE);
        }
      }
    }
  }
}
