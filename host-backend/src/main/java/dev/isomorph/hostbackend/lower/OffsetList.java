package dev.isomorph.hostbackend.lower;

import java.util.Arrays;

/** Offsets in the code that is being emitted, in the order they were noted. */
final class OffsetList {
  private int[] offsets = new int[32];
  private int size;

  void clear() {
    size = 0;
  }

  void add(int offset) {
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * size);
    }
    offsets[size++] = offset;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int[] toArray() {
    return Arrays.copyOf(offsets, size);
  }
}
