package dev.isomorph.systemvm.hart;

import java.util.Arrays;

/**
 * Where pages larger than 4096 bytes have been seen, by hash: a fence for one address in such a
 * page is a fence for unknown many small ones. Others may seem to be there, too, though seldom.
 */
final class LargePages {
  private static final int BITS_SHIFT = 14;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  private final long[] seen = new long[1 << BITS_SHIFT - 6];

  /** The sizes of pages seen. */
  private long sizes;

  void note(long address, long pageSize) {
    if (pageSize > PageWalker.PAGE) {
      sizes |= pageSize;
      int bit = bit(address, pageSize);
      seen[bit >>> 6] |= 1L << bit;
    }
  }

  boolean contains(long address) {
    for (long left = sizes; left != 0; left &= left - 1) {
      int bit = bit(address, Long.lowestOneBit(left));
      if ((seen[bit >>> 6] >>> bit & 1) != 0) {
        return true;
      }
    }
    return false;
  }

  void clear() {
    if (sizes != 0) {
      sizes = 0;
      Arrays.fill(seen, 0);
    }
  }

  private static int bit(long address, long pageSize) {
    return (int) ((address & -pageSize | pageSize) * SPREAD >>> Long.SIZE - BITS_SHIFT);
  }
}
