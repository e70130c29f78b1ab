package dev.isomorph.codecache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All blocks in use, in no order: to look at each takes as long as there are blocks, however many
 * there have been.
 */
final class LiveBlocks {
  private static final int INITIAL_SIZE = 1024;

  private TranslatedBlock[] blocks = new TranslatedBlock[INITIAL_SIZE];
  private int size;

  void add(TranslatedBlock block) {
    if (size == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * size);
    }
    block.place = size;
    blocks[size++] = block;
  }

  /** Removes a block, which must be there. */
  void remove(TranslatedBlock block) {
    TranslatedBlock last = blocks[--size];
    blocks[block.place] = last;
    last.place = block.place;
    blocks[size] = null;
  }

  /** Those with instructions in guest addresses [start, end), unsigned. */
  List<TranslatedBlock> overlapping(long start, long end) {
    List<TranslatedBlock> found = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      if (blocks[i].overlaps(start, end)) {
        found.add(blocks[i]);
      }
    }
    return found;
  }
}
