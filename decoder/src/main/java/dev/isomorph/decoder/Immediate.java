package dev.isomorph.decoder;

/**
 * How an encoding scatters an immediate: a list of runs, each moving some adjacent bits of the
 * instruction to a place in the immediate. Immediate bits without a run are zero (the scale) or
 * implied; a signed immediate is extended from its highest run.
 */
final class Immediate {
  /** No immediate; the value is always zero. */
  static final Immediate NONE = new Immediate(new int[0], false, 0);

  /** See {@link #run}. */
  private final int[] runs;

  private final long implied;
  private final int width;
  private final boolean signed;

  private Immediate(int[] runs, boolean signed, long implied) {
    this.runs = runs;
    this.signed = signed;
    this.implied = implied;
    int top = 0;
    for (int run : runs) {
      top = Math.max(top, to(run) + width(run));
    }
    width = top;
  }

  /**
   * An immediate of the first {@code count} runs.
   *
   * @param implied bits of the value that are always set, such as all of the -1 of {@code c.not}
   */
  static Immediate of(int[] runs, int count, boolean signed, long implied) {
    int[] own = new int[count];
    if (count != 0) {
      System.arraycopy(runs, 0, own, 0, count);
    }
    return new Immediate(own, signed, implied);
  }

  /**
   * Packs a run of {@code width} bits from instruction bit {@code from} to value bit {@code to}.
   */
  static int run(int from, int to, int width) {
    return width << 16 | to << 8 | from;
  }

  private static int from(int run) {
    return run & 0xff;
  }

  private static int to(int run) {
    return run >> 8 & 0xff;
  }

  private static int width(int run) {
    return run >> 16;
  }

  long extract(int bits) {
    if (runs.length == 0) {
      return implied;
    }
    int value = 0;
    for (int run : runs) {
      value |= (bits >>> from(run) & (1 << width(run)) - 1) << to(run);
    }
    int unused = 64 - width;
    long extended = signed ? (long) value << unused >> unused : value;
    return extended | implied;
  }

  int insert(long value) {
    int bits = 0;
    for (int run : runs) {
      bits |= ((int) (value >>> to(run)) & (1 << width(run)) - 1) << from(run);
    }
    return bits;
  }

  /** Whether the value can be encoded without loss. */
  boolean accepts(long value) {
    return extract(insert(value)) == value;
  }

  /** The instruction bits that feed the immediate. */
  int fieldMask() {
    int mask = 0;
    for (int run : runs) {
      mask |= (1 << width(run)) - 1 << from(run);
    }
    return mask;
  }

  /** The highest bit of the value that the encoding holds. */
  long signBit() {
    return 1L << width - 1;
  }

  /** Whether the encoding has bits for the immediate. */
  boolean present() {
    return runs.length != 0;
  }
}
