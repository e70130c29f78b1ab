package dev.isomorph.hostbackend.lower;

/** Numbers that are written to a register by code that differs in nothing but them. */
enum Constants {
  /** 0, 1 and -1 have code of their own. */
  SPECIAL(Integer.BYTES, 0, 1, -1),
  POSITIVE(Integer.BYTES, 0x1234_5678, 2, 0x7edc_ba98),
  NEGATIVE(Integer.BYTES, -0x1234_5678, -2, -0x7edc_ba98),
  UNSIGNED(Integer.BYTES, 0x8234_5678L, 0xfedc_ba98L, 0xc234_0000L),
  LONG(Long.BYTES, 0x1234_5678_9abc_def0L, -0x1234_5678_9abc_def0L, 0x2a_aabb_ccddL);

  /** Bytes of the number in the code. */
  final int width;

  /** If the code of these differs in nothing but the number, it is so for the others. */
  final long[] samples;

  Constants(int width, long... samples) {
    this.width = width;
    this.samples = samples;
  }

  static Constants of(long value) {
    if (value + 1 >>> 1 <= 1) {
      return SPECIAL;
    }
    if (value == (int) value) {
      return value > 0 ? POSITIVE : NEGATIVE;
    }
    return value >>> Integer.SIZE == 0 ? UNSIGNED : LONG;
  }
}
