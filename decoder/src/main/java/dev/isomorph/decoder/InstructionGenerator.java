package dev.isomorph.decoder;

import java.util.random.RandomGenerator;

/** Makes random valid encodings from the instruction table, for tests. */
public final class InstructionGenerator {
  private final RandomGenerator random;

  /** A generator whose choices all come from {@code random}. */
  public InstructionGenerator(RandomGenerator random) {
    this.random = random;
  }

  /** Any table row, compressed ones included, each equally likely; never {@link Opcode#ILLEGAL}. */
  public Opcode row() {
    Opcode[] rows = Opcode.table();
    Opcode row = rows[random.nextInt(rows.length)];
    return row == Opcode.ILLEGAL ? row() : row;
  }

  /** An instruction of any row. */
  public Instruction instruction() {
    return instruction(row());
  }

  /** An instruction of the given row. */
  public Instruction instruction(Opcode row) {
    return Decoder.decode(encoding(row));
  }

  /**
   * An encoding of the given row: everything that is not fixed is random, except that a quarter of
   * the immediates are corners (zero, all ones, greatest, least) and that ignored bits are zero.
   */
  public int encoding(Opcode row) {
    Encoding layout = row.encoding();
    int free = ~(layout.mask | layout.ignoredMask);
    if (layout.length == 2) {
      free &= 0xffff;
    }
    while (true) {
      int bits = layout.match | random.nextInt() & free;
      if (layout.immediate.present() && random.nextInt(4) == 0) {
        bits = bits & ~layout.immediate.fieldMask() | layout.immediate.insert(corner(layout));
      }
      if (Decoder.decode(bits).encodedAs() == row) {
        return bits;
      }
    }
  }

  private long corner(Encoding layout) {
    long sign = layout.immediate.signBit();
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> sign - 1;
      default -> sign;
    };
  }
}
