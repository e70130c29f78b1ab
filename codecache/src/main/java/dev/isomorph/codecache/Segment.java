package dev.isomorph.codecache;

import java.util.Arrays;

/**
 * A part of the {@link CodeCache}'s memory that is filled from its start and evicted as a whole.
 */
final class Segment {
  /** A stretch has 512 bytes of code. */
  private static final int STRETCH_SHIFT = 9;

  final int start;
  final int end;
  private volatile TranslatedBlock[] blocks = new TranslatedBlock[64];

  /** Where they start; a search of these touches less memory than one of the blocks. */
  private volatile int[] offsets = new int[64];

  /**
   * For each stretch of the segment, the number of blocks that start before it; of the stretches up
   * to the block added last.
   */
  private volatile int[] before = new int[64];

  private volatile int stretches;

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
    while (stretches <= block.offset() - start >>> STRETCH_SHIFT) {
      if (stretches == before.length) {
        before = Arrays.copyOf(before, 2 * stretches);
      }
      before[stretches++] = count;
    }
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
    stretches = 0;
    Arrays.fill(blocks, null);
  }

  /** The block added last, or null. */
  TranslatedBlock last() {
    return count == 0 ? null : blocks[count - 1];
  }

  /** The block that covers an offset, or null. */
  TranslatedBlock find(int offset) {
    int known = count;
    int stretch = offset - start >>> STRETCH_SHIFT;
    // Only where to start from: what is added or evicted meanwhile may make it any number.
    int at = stretch < stretches ? Math.min(before[stretch], known) : known;
    int[] starts = offsets;
    while (at > 0 && starts[at - 1] > offset) {
      at--;
    }
    while (at < known && starts[at] <= offset) {
      at++;
    }
    TranslatedBlock block = at == 0 ? null : blocks[at - 1];
    boolean covers = block != null && offset < block.offset() + block.length();
    // Where there is none, or another one, all of them are going.
    return covers && offset >= block.offset() ? block : null;
  }
}
