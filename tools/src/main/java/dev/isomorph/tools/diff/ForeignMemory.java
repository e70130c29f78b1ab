package dev.isomorph.tools.diff;

import java.util.HashMap;
import java.util.Map;

/**
 * The bytes of guest memory that did not come from the program: what the system put on the stack at
 * the start, and what system calls wrote. Two executions may rightly differ there. A byte is the
 * program's own again once it has stored to it.
 */
final class ForeignMemory {
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final long NO_PAGE = -1;

  /** A bit for each byte, by page number. */
  private final Map<Long, long[]> pages = new HashMap<>();

  private long lastPage = NO_PAGE;
  private long[] lastBits;

  /** The range is not the program's from now on. */
  void add(long address, long length) {
    for (long at = address; at - address < length; at++) {
      bits(at, true)[index(at)] |= 1L << at;
    }
  }

  /** The program has stored there. */
  void remove(long address, int length) {
    for (long at = address; at < address + length; at++) {
      long[] bits = bits(at, false);
      if (bits != null) {
        bits[index(at)] &= ~(1L << at);
      }
    }
  }

  /** Whether any byte of the range is foreign. */
  boolean touches(long address, int length) {
    for (long at = address; at < address + length; at++) {
      long[] bits = bits(at, false);
      if (bits == null) {
        // Neither is the rest of the page; accesses seldom cross one.
        at |= PAGE - 1;
      } else if ((bits[index(at)] >>> at & 1) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Index of the word of a page's bits that an address belongs to; shifts count modulo 64. */
  private static int index(long address) {
    return (int) (address & PAGE - 1) >>> 6;
  }

  private long[] bits(long address, boolean make) {
    long page = address >>> PAGE_SHIFT;
    if (page != lastPage || make && lastBits == null) {
      lastPage = page;
      lastBits =
          make
              ? pages.computeIfAbsent(page, unused -> new long[PAGE / Long.SIZE])
              : pages.get(page);
    }
    return lastBits;
  }
}
