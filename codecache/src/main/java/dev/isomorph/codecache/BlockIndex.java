package dev.isomorph.codecache;

import java.util.Arrays;

/**
 * Finds blocks by guest pc and mode: an open-addressed hash table with linear probing. It is asked
 * for each instruction that is translated and mostly in vain, so the keys are kept apart, and a map
 * of bits in front of them, which neighbouring instructions share words of, gives most answers.
 */
final class BlockIndex {
  private static final int INITIAL_SIZE = 4096;

  /** Bytes of code whose blocks have their slots together. */
  private static final int LINE_SHIFT = 6;

  /**
   * Each pc has one of its own there, since some code is tables of jumps. With pages instead of
   * lines, two of the same slots fill these and those of others.
   */
  private static final int SLOTS_SHIFT = LINE_SHIFT - 1;

  /** Spreads modes over the bits that pcs do not differ in. */
  private static final long MODE_FACTOR = 0x5851_f42d_4c95_7f2eL;

  /** Bits of the map: as many as 1 MiB of code has pcs. */
  private static final int SEEN_BITS = 1 << 19;

  /** By a pc's low bits, whether a block of such a pc has been added since the last clearing. */
  private final long[] seen = new long[SEEN_BITS / Long.SIZE];

  /** Where there is no block it is 0, which may be a key too. */
  private long[] keys = new long[INITIAL_SIZE];

  private TranslatedBlock[] blocks = new TranslatedBlock[INITIAL_SIZE];
  private int size;

  TranslatedBlock get(long pc, int mode) {
    if ((seen[word(pc)] & bit(pc)) == 0) {
      return null;
    }
    int mask = keys.length - 1;
    long key = key(pc, mode);
    int i = slot(key, mask);
    while (keys[i] != key || blocks[i] == null || blocks[i].mode() != mode) {
      if (isFree(i)) {
        return null;
      }
      i = i + 1 & mask;
    }
    return blocks[i];
  }

  /** Adds a block; there must be none of the same pc and mode. */
  void add(TranslatedBlock block) {
    if (2 * (size + 1) > keys.length) {
      grow();
    }
    seen[word(block.pc())] |= bit(block.pc());
    insert(key(block), block);
    size++;
  }

  private static int word(long pc) {
    return (int) (pc >>> 1 & SEEN_BITS - 1) / Long.SIZE;
  }

  private static long bit(long pc) {
    return 1L << (pc >>> 1);
  }

  void remove(TranslatedBlock block) {
    int mask = keys.length - 1;
    int i = slot(key(block), mask);
    while (blocks[i] != block) {
      if (isFree(i)) {
        return;
      }
      i = i + 1 & mask;
    }
    free(i);
    size--;
    // Those behind the gap may have been pushed over it: put the rest of the run in again.
    for (int j = i + 1 & mask; !isFree(j); j = j + 1 & mask) {
      long key = keys[j];
      TranslatedBlock moved = blocks[j];
      free(j);
      insert(key, moved);
    }
  }

  void clear() {
    Arrays.fill(seen, 0);
    Arrays.fill(keys, 0);
    Arrays.fill(blocks, null);
    size = 0;
  }

  int size() {
    return size;
  }

  private boolean isFree(int i) {
    return keys[i] == 0 && blocks[i] == null;
  }

  private void free(int i) {
    keys[i] = 0;
    blocks[i] = null;
  }

  private void insert(long key, TranslatedBlock block) {
    int mask = keys.length - 1;
    int i = slot(key, mask);
    while (!isFree(i)) {
      i = i + 1 & mask;
    }
    keys[i] = key;
    blocks[i] = block;
  }

  private void grow() {
    long[] oldKeys = keys;
    TranslatedBlock[] old = blocks;
    keys = new long[2 * old.length];
    blocks = new TranslatedBlock[2 * old.length];
    for (int i = 0; i < old.length; i++) {
      if (old[i] != null) {
        insert(oldKeys[i], old[i]);
      }
    }
  }

  private static long key(TranslatedBlock block) {
    return key(block.pc(), block.mode());
  }

  /** A pc is even, and most modes are small: keys of two blocks are seldom the same. */
  private static long key(long pc, int mode) {
    return pc ^ mode * MODE_FACTOR + (mode & 1);
  }

  /** Neighbouring blocks have neighbouring slots, which are in the same lines of memory. */
  static int slot(long key, int mask) {
    long line = key >>> LINE_SHIFT;
    int inLine = (int) (key >>> LINE_SHIFT - SLOTS_SHIFT) & (1 << SLOTS_SHIFT) - 1;
    return (int) (line * 0x9e3779b97f4a7c15L >>> 40) << SLOTS_SHIFT & mask | inLine;
  }
}
