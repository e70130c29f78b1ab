package dev.isomorph.systemvm.hart;

import dev.isomorph.systemvm.memory.Ram;

/**
 * Page tables in a machine's memory, made as pages are mapped (ISA manual volume II, chapter on
 * Sv39 and what is built on it).
 */
final class PageTables {
  private static final int PAGE = 1 << Paging.PAGE_SHIFT;
  private static final int ENTRIES = 1 << Paging.LEVEL_SHIFT;
  private static final long VALID = 1;

  private final Ram ram;
  private final int levels;
  private final long root;
  private final long end;
  private long next;

  /**
   * @param start of the memory for tables, [start, end), which has to be zero
   */
  PageTables(Ram ram, Paging paging, long start, long end) {
    this.ram = ram;
    levels = paging.levels();
    root = start;
    next = start + PAGE;
    this.end = end;
  }

  /** The entry of a page of 4 KiB for a physical address, without the bits of its rights. */
  static long entry(long physical) {
    return physical >>> Paging.PAGE_SHIFT << 10;
  }

  /** Physical address of the root table. */
  long root() {
    return root;
  }

  /** Sets the entry of the page of 4 KiB at an address. */
  void put(long address, long entry) {
    ram.putLong(place(address), entry);
  }

  /** Physical address of the entry of the page of 4 KiB at an address. */
  long place(long address) {
    long table = root;
    for (int level = levels - 1; level > 0; level--) {
      long place = table + index(address, level) * Long.BYTES;
      if (ram.getLong(place) == 0) {
        if (next == end) {
          throw new IllegalStateException("no memory for tables any more");
        }
        ram.putLong(place, entry(next) | VALID);
        next += PAGE;
      }
      table = ram.getLong(place) >>> 10 << Paging.PAGE_SHIFT;
    }
    return table + index(address, 0) * Long.BYTES;
  }

  private static long index(long address, int level) {
    return address >>> Paging.PAGE_SHIFT + Paging.LEVEL_SHIFT * level & ENTRIES - 1;
  }
}
