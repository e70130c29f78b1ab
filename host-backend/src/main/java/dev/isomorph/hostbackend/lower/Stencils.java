package dev.isomorph.hostbackend.lower;

import java.util.Arrays;

/**
 * The code of single instructions, by encoding, or by what counts of it: what {@link
 * StencilCompiler} puts blocks together from. A hash table over one array of bytes.
 */
final class Stencils {
  /** What an encoding is to a block. */
  enum Kind {
    /** Code that goes on to the next instruction. */
    PLAIN,
    /** The same, and it may fault. */
    MEMORY,
    /** A comparison, before a branch ahead on a condition. */
    BRANCH,
    /** No code, a jump ahead. */
    JUMP,
    /** Anything else: to be compiled each time, for it depends on where it is. */
    UNIQUE,
    /** Encodings that differ in their immediate and have nothing in common. */
    NO_CLASS
  }

  /** What {@link #find} returns when there is none. */
  static final int NONE = -1;

  /** What {@link #detail} returns for code that is the same for all its encodings. */
  static final int NO_HOLE = 0;

  private static final Kind[] KINDS = Kind.values();

  /** Beyond that they are forgotten, all at once. */
  private static final int MOST = 1 << 17;

  private static final int MIN_ROOM = 1 << 11;
  private static final int HASH = 0x9e3779b9;

  /** 0, which is no instruction's encoding, where there is none. */
  private int[] keys = new int[MIN_ROOM];

  /** Of each, the number of its kind, its {@link #detail} and its length: 8, 16 and 8 bits. */
  private int[] facts = new int[MIN_ROOM];

  /** Where the code of each begins. */
  private int[] starts = new int[MIN_ROOM];

  private byte[] code = new byte[8 * MIN_ROOM];
  private int count;
  private int used;

  /** The number of the stencil of a key, good until one is added, or {@link #NONE}. */
  int find(int key) {
    int mask = keys.length - 1;
    int at = slot(key, mask);
    while (keys[at] != key) {
      if (keys[at] == 0) {
        return NONE;
      }
      at = at + 1 & mask;
    }
    return at;
  }

  private static int slot(int key, int mask) {
    return key * HASH >>> 12 & mask;
  }

  Kind kind(int stencil) {
    return KINDS[facts[stencil] & 0xff];
  }

  /** Of a branch, the condition field of the jump; of others, the {@link #hole} or none. */
  int detail(int stencil) {
    return facts[stencil] >>> 8 & 0xffff;
  }

  /** The detail of code with a number of some bytes at an offset. */
  static int hole(int offset, int width) {
    return offset << 8 | width;
  }

  /** Where a hole is in its code. */
  static int offset(int hole) {
    return hole >>> 8;
  }

  /** Bytes of a hole. */
  static int width(int hole) {
    return hole & 0xff;
  }

  /** Bytes of its code. */
  int length(int stencil) {
    return facts[stencil] >>> 24;
  }

  /** Where its code begins in {@link #code}. */
  int start(int stencil) {
    return starts[stencil];
  }

  /** All code. */
  byte[] code() {
    return code;
  }

  /** Adds one that is not there, whose code is the first bytes of a buffer; returns its number. */
  int add(int key, Kind kind, int detail, byte[] buffer, int length) {
    if (length > 0xff) {
      return add(key, Kind.UNIQUE, 0, buffer, 0);
    }
    if (count >= MOST) {
      Arrays.fill(keys, 0);
      count = 0;
      used = 0;
    } else if (2 * count >= keys.length) {
      grow();
    }
    if (used + length > code.length) {
      code = Arrays.copyOf(code, 2 * code.length);
    }
    System.arraycopy(buffer, 0, code, used, length);
    int at = put(key, kind.ordinal() | detail << 8 | length << 24, used);
    used += length;
    return at;
  }

  private int put(int key, int fact, int start) {
    int mask = keys.length - 1;
    int at = slot(key, mask);
    while (keys[at] != 0) {
      at = at + 1 & mask;
    }
    keys[at] = key;
    facts[at] = fact;
    starts[at] = start;
    count++;
    return at;
  }

  private void grow() {
    int[] oldKeys = keys;
    int[] oldFacts = facts;
    int[] oldStarts = starts;
    keys = new int[2 * oldKeys.length];
    facts = new int[2 * oldKeys.length];
    starts = new int[2 * oldKeys.length];
    count = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        put(oldKeys[i], oldFacts[i], oldStarts[i]);
      }
    }
  }
}
