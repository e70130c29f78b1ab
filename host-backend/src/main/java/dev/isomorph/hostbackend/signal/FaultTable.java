package dev.isomorph.hostbackend.signal;

import dev.isomorph.hostbackend.HostMemory;

/**
 * The off-heap table that the emitted fault handler reads: previous handlers by signal number, the
 * watched ranges, and memory that others may unmap. The handler may run while an entry is added or
 * removed.
 */
final class FaultTable {
  private FaultTable() {}

  static final int SIZE = 20480;

  /** Number of range entries ever used, an int. */
  static final int COUNT = 0;

  /** Addresses of the previous handlers, by signal number. */
  static final int PREVIOUS = 8;

  static final int RANGES = 512;

  // Fields of every entry.
  static final int BASE = 0;

  /** In bytes; 0 for an entry not in use. */
  static final int LENGTH = 8;

  // Further fields of a range.
  static final int RANGE_EXIT = 16;
  static final int RANGE_ADDRESS_SLOT = 24;
  static final int RANGE_PC_SLOT = 28;
  static final int RANGE_SIGNAL_SLOT = 32;
  static final int RANGE_CODE_SLOT = 36;
  static final int RANGE_ERROR_SLOT = 40;
  static final int RANGE_STRIDE = 64;

  /** Number of memory entries ever used, an int. */
  static final int MEMORY_COUNT = 16384;

  static final int MEMORIES = MEMORY_COUNT + 64;

  static final int MEMORY_STRIDE = 16;

  private static final int CAPACITY = (MEMORY_COUNT - RANGES) / RANGE_STRIDE;
  private static final int MEMORY_CAPACITY = (SIZE - MEMORIES) / MEMORY_STRIDE;

  static void setPrevious(long table, int signo, long handler) {
    HostMemory.putLongVolatile(table + PREVIOUS + 8L * signo, handler);
  }

  /** Returns the address of the new entry. */
  static long add(long table, long base, long size, long exit, FaultSlots slots) {
    int count = HostMemory.getInt(table + COUNT);
    int index = free(table + RANGES, count, RANGE_STRIDE);
    long entry = table + RANGES + (long) index * RANGE_STRIDE;
    if (index == CAPACITY) {
      throw new IllegalStateException("more than " + CAPACITY + " ranges of emitted code");
    }
    HostMemory.putLong(entry + BASE, base);
    HostMemory.putLong(entry + RANGE_EXIT, exit);
    HostMemory.putInt(entry + RANGE_ADDRESS_SLOT, slots.address());
    HostMemory.putInt(entry + RANGE_PC_SLOT, slots.hostPc());
    HostMemory.putInt(entry + RANGE_SIGNAL_SLOT, slots.signal());
    HostMemory.putInt(entry + RANGE_CODE_SLOT, slots.code());
    HostMemory.putInt(entry + RANGE_ERROR_SLOT, slots.error());
    // The size makes the entry valid, so it is stored after the rest.
    HostMemory.putLongVolatile(entry + LENGTH, size);
    if (index == count) {
      HostMemory.putIntVolatile(table + COUNT, count + 1);
    }
    return entry;
  }

  /** Takes an entry of either kind out of use. */
  static void remove(long entry) {
    HostMemory.putLongVolatile(entry + LENGTH, 0);
  }

  /** Returns the address of the new entry; 0 if there is no room for it. */
  static long addMemory(long table, long base, long size) {
    int count = HostMemory.getInt(table + MEMORY_COUNT);
    int index = free(table + MEMORIES, count, MEMORY_STRIDE);
    long entry = table + MEMORIES + (long) index * MEMORY_STRIDE;
    if (index == MEMORY_CAPACITY) {
      return 0;
    }
    HostMemory.putLong(entry + BASE, base);
    HostMemory.putLongVolatile(entry + LENGTH, size);
    if (index == count) {
      HostMemory.putIntVolatile(table + MEMORY_COUNT, count + 1);
    }
    return entry;
  }

  /** The number of the first entry that is not in use, perhaps a new one. */
  private static int free(long entries, int count, int stride) {
    int index = 0;
    while (index < count && HostMemory.getLong(entries + (long) index * stride + LENGTH) != 0) {
      index++;
    }
    return index;
  }
}
