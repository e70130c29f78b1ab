package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;

/**
 * The code of single instructions, by encoding, or by what counts of it: what {@link
 * StencilCompiler} puts blocks together from. A hash table in one stretch of memory, which is that
 * of a {@link StencilFile}, or empty at first.
 */
final class Stencils implements AutoCloseable {
  /** What an encoding is to a block. */
  enum Kind {
    /** Code that goes on to the next instruction. */
    PLAIN,
    /** The same, and it may fault. */
    MEMORY,
    /** A comparison, before a branch on a condition. */
    BRANCH,
    /** Code that ends the block. */
    RETURN,
    /** No code, a jump to a known address. */
    JUMP,
    /** No code, a call of a function at a known address. */
    CALL,
    /** No code, a number is written to a register that depends on the immediate and the pc. */
    CONSTANT,
    /** Anything else: to be compiled each time, for it depends on where it is. */
    UNIQUE,
    /** Encodings that differ in their immediate and have nothing in common. */
    NO_CLASS;

    /** Whether it is code that is to be copied, and nothing else. */
    boolean isCode() {
      return this == PLAIN || this == MEMORY || this == RETURN;
    }
  }

  /** What {@link #find} returns when there is none. */
  static final int NONE = 0;

  /** What {@link #detail} returns for code that is the same for all its encodings. */
  static final int NO_HOLE = 0;

  /** Longer code is not kept. */
  private static final int LONGEST = 0xff;

  private static final Kind[] KINDS = Kind.values();

  /** Beyond that, what was added since the beginning is forgotten, all at once. */
  static final int MOST = 3 << 16;

  private static final int SLOT_BITS = 18;
  private static final int SLOT = 8;
  private static final int HASH = 0x9e3779b9;

  // The memory: the head, slots of a key and the number of its stencil, stencils. A key is 0, which
  // is no instruction's encoding, where there is none. The number is an offset.

  /** Room for what a file has to say, and the fields below. */
  static final int HEAD = 4096;

  private static final int COUNT = HEAD - 8;
  private static final int END = HEAD - 4;
  private static final int FIRST = HEAD + (SLOT << SLOT_BITS);
  static final int SIZE = FIRST + (8 << 20);

  /** Before the code of a stencil: its kind, its {@link #detail}, its length; 8, 16 and 8 bits. */
  private static final int FACTS = Integer.BYTES;

  private final long memory;

  /** With none at first. */
  Stencils() {
    this(HostMemory.allocate(SIZE));
  }

  /** In memory of {@link #SIZE} bytes, which goes back to what it is now when it is released. */
  Stencils(long memory) {
    this.memory = memory;
  }

  /** Bytes from the beginning of the memory that have been used. */
  static int used(long memory) {
    int end = HostMemory.getInt(memory + END);
    return end == 0 ? FIRST : end;
  }

  /** How many there are in some memory. */
  static int count(long memory) {
    return HostMemory.getInt(memory + COUNT);
  }

  /** The number of the stencil of a key, good until they are forgotten, or {@link #NONE}. */
  int find(int key) {
    return HostMemory.getInt(slot(key) + Integer.BYTES);
  }

  /** The slot a key is in or would be put in. */
  private long slot(int key) {
    int at = key * HASH >>> Integer.SIZE - SLOT_BITS;
    while (true) {
      long slot = memory + HEAD + SLOT * at;
      int there = HostMemory.getInt(slot);
      if (there == key || there == 0) {
        return slot;
      }
      at = at + 1 & (1 << SLOT_BITS) - 1;
    }
  }

  private int facts(int stencil) {
    return HostMemory.getInt(memory + stencil);
  }

  Kind kind(int stencil) {
    return KINDS[facts(stencil) & 0xff];
  }

  /** Of a branch, the condition field of the jump; of others, the {@link #hole} or none. */
  int detail(int stencil) {
    return facts(stencil) >>> 8 & 0xffff;
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
    return facts(stencil) >>> 24;
  }

  /** Address of its code, behind which a few more bytes can be read. */
  long code(int stencil) {
    return memory + stencil + FACTS;
  }

  /** Adds one that is not there, whose code is the first bytes of a buffer; returns its number. */
  int add(int key, Kind kind, int detail, byte[] buffer, int length) {
    if (length > LONGEST) {
      return add(key, Kind.UNIQUE, 0, buffer, 0);
    }
    int start = used(memory);
    if (count(memory) >= MOST || start > SIZE - 2 * LONGEST) {
      HostMemory.release(memory, SIZE);
      start = used(memory);
    }
    HostMemory.putInt(memory + start, kind.ordinal() | detail << 8 | length << 24);
    HostMemory.copyIn(buffer, 0, memory + start + FACTS, length);
    HostMemory.putInt(memory + END, start + FACTS + length);
    HostMemory.putInt(memory + COUNT, count(memory) + 1);
    long slot = slot(key);
    HostMemory.putInt(slot, key);
    HostMemory.putInt(slot + Integer.BYTES, start);
    return start;
  }

  @Override
  public void close() {
    HostMemory.free(memory, SIZE);
  }
}
