package dev.isomorph.codecache;

import java.util.Arrays;

/**
 * A part of the {@link CodeCache}'s memory that is filled from its start and evicted as a whole.
 */
final class Segment {
  final int start;
  final int end;
  private volatile TranslatedBlock[] blocks = new TranslatedBlock[64];

  /** Where they start; a search of these touches less memory than one of the blocks. */
  private volatile int[] offsets = new int[64];

  private volatile int count;

  Segment(int start, int end) {
    this.start = start;
    this.end = end;
  }

  /** Adds a block behind the others; {@link #find} may run at the same time. */
  void add(TranslatedBlock block) {
    if (count == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * count);
      offsets = Arrays.copyOf(offsets, 2 * count);
    }
    blocks[count] = block;
    offsets[count] = block.offset();
    count++;
  }

  /** Number of blocks. */
  int count() {
    return count;
  }

  TranslatedBlock block(int index) {
    return blocks[index];
  }

  void clear() {
    count = 0;
    Arrays.fill(blocks, null);
  }

  /** The block added last, or null. */
  TranslatedBlock last() {
    return count == 0 ? null : blocks[count - 1];
  }

  /** The block that covers an offset, or null. */
  TranslatedBlock find(int offset) {
    int low = 0;
    int high = count - 1;
    int[] starts = offsets;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (offset < starts[middle]) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    TranslatedBlock block = high < 0 ? null : blocks[high];
    boolean covers = block != null && offset < block.offset() + block.length();
    // Where there is none, or another one, all of them are going.
    return covers && offset >= block.offset() ? block : null;
  }
}
