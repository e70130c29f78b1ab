package dev.isomorph.decoder;

/** Finds the table row of an encoding and reads its operands. */
public final class Decoder {
  private static final int OP_FP = 0b10100;

  /** Rows by {@link #bucket}, in table order: where two rows match, the earlier one is meant. */
  private static final Opcode[][] BUCKETS = buckets();

  /** Compiled C hits three times in four; twice as many entries would gain a twentieth. */
  private static final int RECENT_BITS = 14;

  /**
   * What was decoded lately, by {@link #recentSlot}: programs repeat themselves. Threads may lose
   * each other's entries, which are immutable.
   */
  private static final Instruction[] RECENT = new Instruction[1 << RECENT_BITS];

  private Decoder() {}

  /**
   * Decodes the instruction in {@code bits}: a 32-bit encoding, or, when the two lowest bits are
   * not both set, the 16-bit encoding in the lower half. Encodings that are reserved or unknown
   * give {@link Opcode#ILLEGAL} with their length by the two lowest bits (ISA manual, "Base
   * Instruction-Length Encoding"; longer encodings are not supported and count as 4 bytes).
   */
  public static Instruction decode(int bits) {
    int encoding = Instruction.lengthOf(bits) == 2 ? bits & 0xffff : bits;
    int slot = recentSlot(encoding);
    Instruction recent = RECENT[slot];
    if (recent == null || recent.bits() != encoding) {
      recent = search(encoding);
      RECENT[slot] = recent;
    }
    return recent;
  }

  private static int recentSlot(int encoding) {
    return encoding * 0x9e3779b9 >>> 32 - RECENT_BITS;
  }

  private static Instruction search(int encoding) {
    for (Opcode row : BUCKETS[bucket(encoding)]) {
      Encoding layout = row.encoding();
      if (layout.matches(encoding)) {
        return new Instruction(
            row.base(),
            row,
            encoding,
            layout.length,
            layout.rd.extract(encoding),
            layout.rs1.extract(encoding),
            layout.rs2.extract(encoding),
            layout.rs3.extract(encoding),
            layout.immediate.extract(encoding));
      }
    }
    return new Instruction(
        Opcode.ILLEGAL, Opcode.ILLEGAL, encoding, Instruction.lengthOf(encoding), 0, 0, 0, 0, 0);
  }

  /**
   * 16-bit encodings go by quadrant and funct3 (0 to 31), OP-FP by funct7 (32 to 159), everything
   * else by major opcode and funct3 (160 to 415).
   */
  private static int bucket(int bits) {
    if (Instruction.lengthOf(bits) == 2) {
      return bits >>> 13 << 2 | bits & 3;
    }
    int major = bits >>> 2 & 31;
    return major == OP_FP ? 32 + (bits >>> 25) : 160 + (major << 3 | bits >>> 12 & 7);
  }

  private static Opcode[][] buckets() {
    Opcode[][] buckets = new Opcode[416][];
    int[] sizes = new int[buckets.length];
    for (Opcode row : Opcode.table()) {
      Encoding layout = row.encoding();
      if (layout == null) {
        continue;
      }
      boolean anyFunct3 = layout.length == 4 && (layout.mask & 7 << 12) != 7 << 12;
      int first = bucket(layout.match);
      int last = anyFunct3 && first >= 160 ? first + 7 : first;
      for (int b = first; b <= last; b++) {
        if (buckets[b] == null) {
          buckets[b] = new Opcode[4];
        } else if (sizes[b] == buckets[b].length) {
          buckets[b] = resize(buckets[b], 2 * sizes[b]);
        }
        buckets[b][sizes[b]++] = row;
      }
    }
    for (int b = 0; b < buckets.length; b++) {
      buckets[b] = resize(buckets[b], sizes[b]);
    }
    return buckets;
  }

  private static Opcode[] resize(Opcode[] rows, int size) {
    Opcode[] result = new Opcode[size];
    if (rows != null) {
      System.arraycopy(rows, 0, result, 0, Math.min(size, rows.length));
    }
    return result;
  }
}
