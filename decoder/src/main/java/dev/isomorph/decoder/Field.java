package dev.isomorph.decoder;

/**
 * Where an encoding keeps a register number: {@code mask} bits at {@code shift}, plus {@code base}.
 * Three-bit fields of compressed encodings have base 8 (x8 to x15); a register that an encoding
 * implies has mask 0 and is its own base.
 */
record Field(int shift, int mask, int base) {
  /** No such operand. */
  static final Field NONE = new Field(0, 0, 0);

  /** The place of rs1 in all 32-bit encodings. */
  static final Field RS1 = new Field(15, 31, 0);

  private static final Field RD = new Field(7, 31, 0);
  private static final Field RS2 = new Field(20, 31, 0);
  private static final Field RS3 = new Field(27, 31, 0);

  /** The field of 32-bit encodings for rd (0), rs1 (1), rs2 (2) or rs3 (3). */
  static Field standard(int which) {
    return switch (which) {
      case 0 -> RD;
      case 1 -> RS1;
      case 2 -> RS2;
      default -> RS3;
    };
  }

  static Field implied(int register) {
    return new Field(0, 0, register);
  }

  int extract(int bits) {
    return (bits >>> shift & mask) + base;
  }

  int insert(int register) {
    return (register - base & mask) << shift;
  }

  /** Whether the register can be named by this field. */
  boolean accepts(int register) {
    return (register - base & ~mask) == 0;
  }

  /** Whether the encoding has bits for the register. */
  boolean present() {
    return mask != 0;
  }
}
