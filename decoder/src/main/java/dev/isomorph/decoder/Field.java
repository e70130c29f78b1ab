package dev.isomorph.decoder;

/**
 * Where an encoding keeps a register number: {@code mask} bits at {@code shift}, plus {@code base}.
 * Three-bit fields of compressed encodings have base 8 (x8 to x15); a register that an encoding
 * implies has mask 0 and is its own base.
 */
record Field(int shift, int mask, int base) {
  static final Field NONE = new Field(0, 0, 0);
  static final Field RD = new Field(7, 31, 0);
  static final Field RS1 = new Field(15, 31, 0);
  static final Field RS2 = new Field(20, 31, 0);
  static final Field RS3 = new Field(27, 31, 0);

  int extract(int bits) {
    return (bits >>> shift & mask) + base;
  }

  int insert(int register) {
    return (register - base & mask) << shift;
  }

  boolean accepts(int register) {
    return (register - base & ~mask) == 0;
  }
}
