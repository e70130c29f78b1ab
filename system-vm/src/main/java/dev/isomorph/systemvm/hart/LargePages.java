package dev.isomorph.systemvm.hart;

/**
 * Where pages larger than 4096 bytes have been seen: for each half of the address space one range
 * that holds them all. A fence for one address in it is a fence for unknown many small pages.
 */
final class LargePages {
  private final long[] base = new long[2];
  private final long[] size = new long[2];

  void note(long address, long pageSize) {
    if (pageSize <= PageWalker.PAGE) {
      return;
    }
    int half = half(address);
    long range = Math.max(size[half], pageSize);
    while (size[half] != 0 && ((base[half] ^ address) & -range) != 0 && range > 0) {
      range <<= 1;
    }
    size[half] = range;
    base[half] = address & -range;
  }

  boolean contains(long address) {
    int half = half(address);
    return size[half] != 0 && ((base[half] ^ address) & -size[half]) == 0;
  }

  void clear() {
    size[0] = 0;
    size[1] = 0;
  }

  private static int half(long address) {
    return (int) (address >>> 63);
  }
}
