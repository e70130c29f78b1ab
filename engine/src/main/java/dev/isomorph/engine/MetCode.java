package dev.isomorph.engine;

/**
 * Notes at which guest addresses code has been met: bits by page, for the pages there are. Beyond
 * {@link #MOST_PAGES} all are forgotten.
 */
final class MetCode {
  /** As many as 256 MiB of code has; takes 17 MiB. */
  static final int MOST_PAGES = 1 << 16;

  private static final int PAGE_SHIFT = 12;

  /** A long for each 64 parcels. */
  private static final int WORD_SHIFT = 7;

  private static final int WORDS = 1 << PAGE_SHIFT - WORD_SHIFT;
  private static final int FIRST_CAPACITY = 256;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  /** A hash table with linear probing: numbers of pages, and their bits; null where it is free. */
  private long[] pages;

  private long[][] bits;
  private int count;

  MetCode() {
    clear();
  }

  private void clear() {
    pages = new long[FIRST_CAPACITY];
    bits = new long[FIRST_CAPACITY][];
    count = 0;
  }

  /** Notes an address; returns whether it is for the first time. */
  boolean meet(long pc) {
    long[] page = page(pc >>> PAGE_SHIFT);
    int word = (int) (pc >>> WORD_SHIFT) & WORDS - 1;
    long bit = 1L << (pc >>> 1);
    boolean isNew = (page[word] & bit) == 0;
    page[word] |= bit;
    return isNew;
  }

  private long[] page(long number) {
    int slot = slot(number);
    if (bits[slot] != null) {
      return bits[slot];
    }
    if (count == MOST_PAGES) {
      clear();
    } else if (2 * count >= pages.length) {
      grow();
    }
    long[] page = new long[WORDS];
    put(number, page);
    count++;
    return page;
  }

  /** Where a page is, or a free one. */
  private int slot(long number) {
    int mask = pages.length - 1;
    int slot = (int) (number * SPREAD >>> 32) & mask;
    while (bits[slot] != null && pages[slot] != number) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void put(long number, long[] page) {
    int slot = slot(number);
    pages[slot] = number;
    bits[slot] = page;
  }

  private void grow() {
    long[] oldPages = pages;
    long[][] oldBits = bits;
    pages = new long[2 * oldPages.length];
    bits = new long[2 * oldBits.length][];
    for (int i = 0; i < oldPages.length; i++) {
      if (oldBits[i] != null) {
        put(oldPages[i], oldBits[i]);
      }
    }
  }
}
