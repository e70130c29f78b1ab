package dev.isomorph.conformance.generate;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.InstructionGenerator;
import dev.isomorph.decoder.Opcode;
import java.util.Random;

/**
 * Random encodings of one row of the instruction table with a preference for registers that are the
 * same or x0, and for control registers that exist.
 */
final class Encodings {
  private static final int FIRST_COUNTER = 0xc00;
  private static final int ROUNDING_MODE = 12;

  private final Opcode row;
  private final Random random;
  private final InstructionGenerator instructions;

  Encodings(Opcode row, Random random) {
    this.row = row;
    this.random = random;
    instructions = new InstructionGenerator(random);
  }

  /** An encoding of the row; of rows with a rounding mode sometimes one whose mode is reserved. */
  Instruction next() {
    while (true) {
      Instruction instruction = Decoder.decode(encoding());
      if (!isEndless(instruction)) {
        return instruction;
      }
    }
  }

  private int encoding() {
    if (row == Opcode.ILLEGAL) {
      return illegal();
    }
    int encoding = withAliases(instructions.encoding(row));
    if (row.extension() == Extension.ZICSR) {
      return withCsr(encoding);
    }
    if (row.hasRoundingMode() && random.nextInt(16) == 0) {
      return encoding & ~(7 << ROUNDING_MODE) | 5 + random.nextInt(2) << ROUNDING_MODE;
    }
    return encoding;
  }

  /** Whether the instruction may jump to itself. */
  private static boolean isEndless(Instruction i) {
    return switch (i.opcode()) {
      case JAL, BEQ, BNE, BLT, BGE, BLTU, BGEU -> i.imm() == 0;
      default -> false;
    };
  }

  private int illegal() {
    switch (random.nextInt(16)) {
      case 0:
        return 0;
      case 1:
        return -1;
      default:
    }
    while (true) {
      int encoding = random.nextInt();
      if (random.nextBoolean()) {
        encoding = encoding & 0xffff & ~(1 + random.nextInt(3));
      }
      Instruction instruction = Decoder.decode(encoding);
      if (instruction.opcode() == Opcode.ILLEGAL) {
        return instruction.bits();
      }
    }
  }

  /** Most accesses are to registers that exist; counters are mostly only read. */
  private int withCsr(int encoding) {
    return switch (random.nextInt(8)) {
      case 0 -> Operands.withCsr(encoding, random.nextInt(4096));
      case 1 -> Operands.withCsr(encoding, FIRST_COUNTER + random.nextInt(3));
      case 2, 3 ->
          Operands.withCsr(
              Operands.withRegister(encoding, Operands.RS1, 0), FIRST_COUNTER + random.nextInt(3));
      default -> Operands.withCsr(encoding, 1 + random.nextInt(3));
    };
  }

  /** Makes some of the registers the same, or zero. */
  private int withAliases(int encoding) {
    Instruction i = Decoder.decode(encoding);
    int same = i.rs1();
    return switch (random.nextInt(20)) {
      case 0 -> Operands.withRegister(encoding, Operands.RD, i.rs1());
      case 1 -> Operands.withRegister(encoding, Operands.RD, i.rs2());
      case 2 -> Operands.withRegister(encoding, Operands.RD, i.rs3());
      case 3 -> Operands.withRegister(encoding, Operands.RS2, i.rs1());
      case 4 -> Operands.withRegister(encoding, Operands.RS3, i.rs1());
      case 5 -> Operands.withRegister(encoding, Operands.RS3, i.rs2());
      case 6, 7 -> withRegisters(encoding, same, Operands.RS2, Operands.RD);
      case 8, 9 -> withRegisters(encoding, same, Operands.RS2, Operands.RS3, Operands.RD);
      case 10 -> Operands.withRegister(encoding, Operands.RS1, 0);
      case 11 -> Operands.withRegister(encoding, Operands.RS2, 0);
      case 12 -> Operands.withRegister(encoding, Operands.RD, 0);
      case 13 -> withRegisters(encoding, 0, Operands.RS1, Operands.RS2, Operands.RD);
      default -> encoding;
    };
  }

  private static int withRegisters(int encoding, int register, int... fields) {
    int result = encoding;
    for (int field : fields) {
      result = Operands.withRegister(result, field, register);
    }
    return result;
  }
}
