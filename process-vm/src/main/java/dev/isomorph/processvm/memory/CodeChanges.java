package dev.isomorph.processvm.memory;

import java.util.Arrays;

/**
 * Ranges of changed code, collected while the address space is locked and announced after it is
 * unlocked: whoever hears of them may ask the address space from another thread meanwhile.
 */
final class CodeChanges {
  private static final long[] NONE = {};

  private final CodeInvalidator invalidator;
  private long[] ranges = new long[8];
  private int count;

  CodeChanges(CodeInvalidator invalidator) {
    this.invalidator = invalidator;
  }

  void note(long start, long end) {
    if (count > 0 && ranges[count - 1] == start) {
      ranges[count - 1] = end;
      return;
    }
    if (count == ranges.length) {
      ranges = Arrays.copyOf(ranges, 2 * count);
    }
    ranges[count++] = start;
    ranges[count++] = end;
  }

  /** Returns what was noted, start and end by turns, and forgets it. */
  long[] take() {
    long[] taken = count == 0 ? NONE : Arrays.copyOf(ranges, count);
    count = 0;
    return taken;
  }

  void announce(long[] taken) {
    for (int i = 0; i < taken.length; i += 2) {
      invalidator.changed(taken[i], taken[i + 1]);
    }
  }
}
