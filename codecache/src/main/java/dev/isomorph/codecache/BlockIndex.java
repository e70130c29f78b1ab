package dev.isomorph.codecache;

import java.util.Arrays;

/** Finds blocks by guest pc and mode: an open-addressed hash table with linear probing. */
final class BlockIndex {
  private TranslatedBlock[] table = new TranslatedBlock[1024];
  private int size;

  TranslatedBlock get(long pc, int mode) {
    int mask = table.length - 1;
    for (int i = slot(pc, mode, mask); table[i] != null; i = (i + 1) & mask) {
      TranslatedBlock block = table[i];
      if (block.pc() == pc && block.mode() == mode) {
        return block;
      }
    }
    return null;
  }

  /** Adds a block; there must be none of the same pc and mode. */
  void add(TranslatedBlock block) {
    if (2 * (size + 1) > table.length) {
      grow();
    }
    insert(block);
    size++;
  }

  void remove(TranslatedBlock block) {
    int mask = table.length - 1;
    int i = slot(block.pc(), block.mode(), mask);
    while (table[i] != block) {
      if (table[i] == null) {
        return;
      }
      i = (i + 1) & mask;
    }
    table[i] = null;
    size--;
    // Those behind the gap may have been pushed over it: put the rest of the run in again.
    for (int j = (i + 1) & mask; table[j] != null; j = (j + 1) & mask) {
      TranslatedBlock moved = table[j];
      table[j] = null;
      insert(moved);
    }
  }

  void clear() {
    Arrays.fill(table, null);
    size = 0;
  }

  int size() {
    return size;
  }

  private void insert(TranslatedBlock block) {
    int mask = table.length - 1;
    int i = slot(block.pc(), block.mode(), mask);
    while (table[i] != null) {
      i = (i + 1) & mask;
    }
    table[i] = block;
  }

  private void grow() {
    TranslatedBlock[] old = table;
    table = new TranslatedBlock[2 * old.length];
    for (TranslatedBlock block : old) {
      if (block != null) {
        insert(block);
      }
    }
  }

  private static int slot(long pc, int mode, int mask) {
    long hash = (pc >>> 1 ^ (long) mode << 48) * 0x9e3779b97f4a7c15L;
    return (int) (hash >>> 40) & mask;
  }
}
