package dev.isomorph.codecache;

import java.util.Arrays;

/**
 * A part of the {@link CodeCache}'s memory that is filled from its start and evicted as a whole.
 */
final class Segment {
  final int start;
  final int end;
  private volatile TranslatedBlock[] blocks = new TranslatedBlock[64];
  private volatile int count;

  Segment(int start, int end) {
    this.start = start;
    this.end = end;
  }

  /** Adds a block behind the others; {@link #find} may run at the same time. */
  void add(TranslatedBlock block) {
    if (count == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * count);
    }
    blocks[count] = block;
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
    TranslatedBlock[] all = blocks;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      TranslatedBlock block = all[middle];
      if (block == null) {
        return null; // All of them are going.
      }
      if (offset < block.offset()) {
        high = middle - 1;
      } else if (offset >= block.offset() + block.length()) {
        low = middle + 1;
      } else {
        return block;
      }
    }
    return null;
  }
}
