package dev.isomorph.hostbackend.lower;

import java.util.Arrays;

/**
 * Which pages have an alias, and of what: for each the host address of the frame, with a bit for
 * whether it may be stored to. Pages next to each other that are next to each other in the frames'
 * memory, too, and have the same rights are one mapping of the host's. What is between such is one,
 * too.
 */
final class AliasedPages {
  /** What there is for a page that has no alias. */
  static final long NONE = 0;

  /** In what there is for a page that may be stored to. */
  static final long STORED = 1;

  private static final int LEAST = 1 << 6;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  /** By hash, then the next free place: pages, and what there is for each or {@link #NONE}. */
  private long[] pages = new long[LEAST];

  private long[] values = new long[LEAST];
  private int size;
  private int mappings;

  int size() {
    return size;
  }

  /** How many mappings of the host's they make, with what is between them. */
  int mappings() {
    return mappings;
  }

  /** What there is for a page, the number of which is asked for. */
  long get(long page) {
    return values[place(page)];
  }

  /** Notes what there is for a page. */
  void put(long page, long value) {
    int place = place(page);
    if (values[place] == value) {
      return;
    }
    if (values[place] == NONE) {
      size++;
      mappings += stretchesOf(page);
    } else {
      mappings -= runsOf(page, values[place]);
    }
    pages[place] = page;
    values[place] = value;
    mappings += runsOf(page, value);
    if (2 * size > pages.length) {
      resize(2 * pages.length);
    }
  }

  /** A page has no alias any more. */
  void remove(long page) {
    int hole = place(page);
    if (values[hole] == NONE) {
      return;
    }
    mappings -= runsOf(page, values[hole]) + stretchesOf(page);
    values[hole] = NONE;
    size--;
    // What has been pushed on by what was here moves back.
    int mask = pages.length - 1;
    for (int at = hole + 1 & mask; values[at] != NONE; at = at + 1 & mask) {
      if ((at - home(pages[at]) & mask) >= (at - hole & mask)) {
        pages[hole] = pages[at];
        values[hole] = values[at];
        values[at] = NONE;
        hole = at;
      }
    }
  }

  void clear() {
    if (pages.length > LEAST) {
      pages = new long[LEAST];
      values = new long[LEAST];
    } else {
      Arrays.fill(values, NONE);
    }
    size = 0;
    mappings = 0;
  }

  /** The pages that have an alias, in no order. */
  long[] all() {
    long[] found = new long[size];
    int next = 0;
    for (int i = 0; i < pages.length; i++) {
      if (values[i] != NONE) {
        found[next++] = pages[i];
      }
    }
    return found;
  }

  /** By how many runs there are more with a page than without it. */
  private int runsOf(long page, long value) {
    boolean isBehind = get(page - 1) == value - Tlb.PAGE_SIZE;
    boolean isBefore = get(page + 1) == value + Tlb.PAGE_SIZE;
    return 1 - (isBehind ? 1 : 0) - (isBefore ? 1 : 0);
  }

  /** By how many stretches of pages without a hole there are more with a page than without it. */
  private int stretchesOf(long page) {
    return 1 - (get(page - 1) == NONE ? 0 : 1) - (get(page + 1) == NONE ? 0 : 1);
  }

  private int home(long page) {
    return (int) (page * SPREAD >>> Long.SIZE - Integer.numberOfTrailingZeros(pages.length));
  }

  /** Where a page is, or would be. */
  private int place(long page) {
    int at = home(page);
    while (values[at] != NONE && pages[at] != page) {
      at = at + 1 & pages.length - 1;
    }
    return at;
  }

  private void resize(int length) {
    long[] oldPages = pages;
    long[] oldValues = values;
    pages = new long[length];
    values = new long[length];
    for (int i = 0; i < oldPages.length; i++) {
      if (oldValues[i] != NONE) {
        int place = place(oldPages[i]);
        pages[place] = oldPages[i];
        values[place] = oldValues[i];
      }
    }
  }
}
