package dev.isomorph.systemvm.firmware;

/** Sets of harts as calls have them: a word of bits, and the number of the hart of bit 0. */
final class HartMask {
  private static final long ALL = -1;

  private HartMask() {}

  /** All harts of the machine. */
  static long all(int harts) {
    return -1L >>> (Long.SIZE - harts);
  }

  /** Whether all of a set, which may be empty, exist. */
  static boolean isValid(long mask, long base, int harts) {
    if (base == ALL || mask == 0) {
      return true;
    }
    return base >= 0 && base < harts && mask >>> (harts - base - 1) >>> 1 == 0;
  }

  /** The set as one word; it {@link #isValid}. */
  static long of(long mask, long base, int harts) {
    if (base == ALL) {
      return all(harts);
    }
    return mask == 0 ? 0 : mask << base;
  }
}
