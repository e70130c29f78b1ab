package dev.isomorph.conformance.generate;

import dev.isomorph.conformance.golden.Format;
import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.conformance.witness.DataPages;
import dev.isomorph.conformance.witness.Layout;
import dev.isomorph.conformance.witness.Scenario;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.InstructionGenerator;
import dev.isomorph.decoder.Opcode;
import java.util.Random;

/** Makes scenarios of a single instruction whose operands are what the instruction cares about. */
public final class ScenarioGenerator {
  private static final int FIRST_COUNTER = 0xc00;
  private static final int ATOMIC_LENGTH = 4;
  private static final long MIDDLE = Layout.CODE + 0x800;

  private final Random random;
  private final InstructionGenerator instructions;
  private final States states;
  private final Corners corners;

  public ScenarioGenerator(Random random) {
    this.random = random;
    instructions = new InstructionGenerator(random);
    states = new States(random);
    corners = states.corners();
  }

  /** A scenario for one row of the instruction table. */
  public Scenario scenario(Opcode row) {
    int encoding = row == Opcode.ILLEGAL ? illegal() : withAliases(instructions.encoding(row));
    if (row.extension() == Extension.ZICSR) {
      encoding = Operands.withCsr(encoding, csr());
    }
    Instruction instruction = Decoder.decode(encoding);
    if (isEndless(instruction)) {
      return scenario(row);
    }
    long[] x = states.integers();
    long[] f = states.floats();
    prepareFloats(instruction, f);
    if (instruction.opcode() == Opcode.JALR) {
      x[instruction.rs1()] = states.codeAddress() - instruction.imm();
    } else if (random.nextInt(4) == 0) {
      relate(x, instruction.rs1(), instruction.rs2());
    }
    int width = MemoryAccesses.width(instruction.opcode());
    if (width != 0 && random.nextInt(64) != 0) {
      boolean aligned = MemoryAccesses.isAtomic(instruction.opcode());
      x[instruction.rs1()] = states.address(width, aligned) - instruction.imm();
    }
    x[0] = 0;
    int[] code = withReservation(instruction, x[instruction.rs1()]);
    return new Scenario(
        pc(instruction) - ATOMIC_LENGTH * (code.length - 1),
        code,
        x,
        f,
        states.fcsr(),
        random.nextInt(DataPages.VARIANTS));
  }

  /** Whether the instruction may jump to itself. */
  private static boolean isEndless(Instruction i) {
    return switch (i.opcode()) {
      case JAL, BEQ, BNE, BLT, BGE, BLTU, BGEU -> i.imm() == 0;
      default -> false;
    };
  }

  private int illegal() {
    while (true) {
      int encoding = random.nextInt();
      if ((encoding & 3) != 3) {
        encoding &= 0xffff;
      }
      if (Decoder.decode(encoding).opcode() == Opcode.ILLEGAL) {
        return encoding;
      }
    }
  }

  /** Most accesses are to registers that exist. */
  private int csr() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt(4096);
      case 1 -> FIRST_COUNTER + random.nextInt(4);
      default -> 1 + random.nextInt(3);
    };
  }

  /** Makes some of the registers the same, or zero. */
  private int withAliases(int encoding) {
    Instruction i = Decoder.decode(encoding);
    return switch (random.nextInt(12)) {
      case 0 -> Operands.withRegister(encoding, Operands.RD, i.rs1());
      case 1 -> Operands.withRegister(encoding, Operands.RD, i.rs2());
      case 2 -> Operands.withRegister(encoding, Operands.RS2, i.rs1());
      case 3 ->
          Operands.withRegister(
              Operands.withRegister(encoding, Operands.RS2, i.rs1()), Operands.RD, i.rs1());
      case 4 -> Operands.withRegister(encoding, Operands.RS3, i.rs1());
      case 5 -> Operands.withRegister(encoding, Operands.RS1, 0);
      case 6 -> Operands.withRegister(encoding, Operands.RS2, 0);
      case 7 -> Operands.withRegister(encoding, Operands.RD, 0);
      default -> encoding;
    };
  }

  /** Makes two registers equal or nearly so. */
  private void relate(long[] registers, int from, int to) {
    registers[to] =
        switch (random.nextInt(4)) {
          case 0 -> registers[from];
          case 1 -> -registers[from];
          case 2 -> ~registers[from];
          default -> registers[from] + random.nextInt(3) - 1;
        };
  }

  /** Fills the registers that the instruction reads with values of the format it expects. */
  private void prepareFloats(Instruction i, long[] f) {
    Format format = operandFormat(i.opcode());
    if (format == null || random.nextInt(16) == 0) {
      return;
    }
    boolean special = random.nextInt(8) == 0;
    f[i.rs1()] = special ? corners.special(format) : value(format);
    f[i.rs2()] = special ? corners.special(format) : value(format);
    f[i.rs3()] = special ? corners.special(format) : value(format);
    if (!special && random.nextInt(4) == 0) {
      cancel(format, f, i);
    }
  }

  /** Makes sums come out near zero, and products near the limits of rounding. */
  private void cancel(Format format, long[] f, Instruction i) {
    long sign = random.nextBoolean() ? 1L << format.width() - 1 : 0;
    long nudge = random.nextInt(5) - 2;
    if (i.rs3() != 0 && format == Format.DOUBLE) {
      double product = Double.longBitsToDouble(f[i.rs1()]) * Double.longBitsToDouble(f[i.rs2()]);
      f[i.rs3()] = Double.doubleToRawLongBits(product) + nudge ^ sign;
    } else if (i.rs3() != 0) {
      float product =
          Float.intBitsToFloat((int) f[i.rs1()]) * Float.intBitsToFloat((int) f[i.rs2()]);
      f[i.rs3()] = format.box(Float.floatToRawIntBits(product) + nudge ^ sign);
    } else {
      f[i.rs2()] = f[i.rs1()] + nudge ^ sign;
    }
  }

  private long value(Format format) {
    return switch (format) {
      case HALF -> corners.ofHalf();
      case SINGLE -> corners.ofSingle();
      case DOUBLE -> corners.ofDouble();
    };
  }

  /** The format of the operands, which is the last letter of the mnemonic; null if none. */
  private static Format operandFormat(Opcode opcode) {
    String name = opcode.name();
    if (!name.startsWith("F")) {
      return null;
    }
    return switch (name.substring(name.length() - 2)) {
      case "_H" -> Format.HALF;
      case "_S" -> Format.SINGLE;
      case "_D" -> Format.DOUBLE;
      default -> null;
    };
  }

  /** Somewhere in the code; sometimes at its very end, so that part of it cannot be fetched. */
  private long pc(Instruction instruction) {
    return switch (random.nextInt(16)) {
      case 0 -> Layout.CODE + Layout.CODE_SIZE - instruction.length();
      case 1 -> Layout.CODE + Layout.CODE_SIZE - 2;
      case 2 -> MIDDLE & -0x1000 | random.nextInt(16) << 12 | 0xffe;
      default -> MIDDLE + 2 * random.nextInt((Layout.CODE_SIZE - 0x1000) / 2);
    };
  }

  /**
   * Mostly puts a load-reserved of the same address before a store-conditional; sometimes also
   * another store-conditional that stores what has been loaded, after which this one must fail.
   */
  private int[] withReservation(Instruction i, long address) {
    Opcode reservation = MemoryAccesses.reservation(i.opcode());
    int width = MemoryAccesses.width(i.opcode());
    boolean possible =
        reservation != null
            && address % width == 0
            && Layout.allows(address, width, SparseMemory.Access.READ);
    if (!possible || random.nextInt(4) == 0) {
      return new int[] {i.bits()};
    }
    int loaded = 1 + random.nextInt(31);
    boolean free = loaded != i.rs1() && loaded != i.rs2();
    int load = Encoder.encode(reservation, free ? loaded : 0, i.rs1());
    return free && random.nextInt(4) == 0
        ? new int[] {load, Encoder.encode(i.opcode(), loaded, loaded, i.rs1()), i.bits()}
        : new int[] {load, i.bits()};
  }
}
