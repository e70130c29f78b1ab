package dev.isomorph.decoder;

/**
 * How an encoding scatters an immediate: a list of runs, each moving {@code width} bits from
 * instruction bit {@code from} to immediate bit {@code to}. Bits below the lowest run are zero (the
 * scale); a signed immediate is extended from its highest run.
 */
final class Immediate {
  /** No immediate field; the value is always zero. */
  static final Immediate NONE = new Immediate(new int[0], 0, false, 0);

  private final int[] runs;
  private final int count;
  private final int implied;
  private final int fieldMask;
  private final int width;
  private final boolean signed;
  private final long valueMask;

  /**
   * @param runs packed runs, see {@link #run}
   * @param count how many of them count
   * @param implied the value when there are none
   */
  Immediate(int[] runs, int count, boolean signed, int implied) {
    this.runs = new int[count];
    this.count = count;
    this.signed = signed;
    this.implied = implied;
    int field = 0;
    long value = 0;
    for (int i = 0; i < count; i++) {
      int run = runs[i];
      this.runs[i] = run;
      int ones = (1 << (run >> 16)) - 1;
      field |= ones << (run & 0xff);
      value |= (long) ones << (run >> 8 & 0xff);
    }
    fieldMask = field;
    valueMask = value;
    width = 64 - Long.numberOfLeadingZeros(value);
  }

  /** An immediate that the encoding implies, such as the -1 of {@code c.not}. */
  static Immediate implied(int value) {
    return new Immediate(new int[0], 0, true, value);
  }

  static int run(int from, int to, int width) {
    return width << 16 | to << 8 | from;
  }

  long extract(int bits) {
    if (count == 0) {
      return implied;
    }
    int value = 0;
    for (int i = 0; i < count; i++) {
      int run = runs[i];
      value |= (bits >>> (run & 0xff) & (1 << (run >> 16)) - 1) << (run >> 8 & 0xff);
    }
    return signed ? (long) value << 64 - width >> 64 - width : value & 0xffffffffL;
  }

  int insert(long value) {
    int bits = 0;
    for (int i = 0; i < count; i++) {
      int run = runs[i];
      bits |= ((int) (value >>> (run >> 8 & 0xff)) & (1 << (run >> 16)) - 1) << (run & 0xff);
    }
    return bits;
  }

  /** Whether the value can be encoded without loss. */
  boolean accepts(long value) {
    return extract(insert(value)) == value;
  }

  /** The instruction bits that feed the immediate. */
  int fieldMask() {
    return fieldMask;
  }

  /** The immediate bits that can be set by the field. */
  long valueMask() {
    return valueMask;
  }

  boolean present() {
    return count != 0;
  }

  boolean signed() {
    return signed;
  }
}
