package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;

/**
 * A direct-mapped table from guest pc to host code, one per hart, probed by emitted code at
 * indirect jumps. Entries are 16 bytes: guest pc (odd when empty, which no guest pc is), host
 * address.
 */
public final class JumpCache {
  /** Offset of the guest pc in an entry. */
  static final int PC = 0;

  /** Offset of the host address. */
  static final int CODE = 8;

  private static final int ENTRIES = 1 << 15;

  /** Selects the bits of a pc that, times 8, are an entry's offset. */
  static final int PC_MASK = (ENTRIES - 1) << 1;

  /** Size of the table in bytes. */
  public static final int SIZE = 16 * ENTRIES;

  private static final long EMPTY = -1;

  private final long address;

  /** A table at a host address, emptied. */
  public JumpCache(long address) {
    this.address = address;
    clear();
  }

  /** Forgets all entries. */
  public void clear() {
    HostMemory.fill(address, SIZE, (byte) EMPTY);
  }

  /** Enters host code for a guest pc. */
  public void put(long pc, long code) {
    long entry = address + 8 * (pc & PC_MASK);
    HostMemory.putLong(entry + CODE, code);
    HostMemory.putLong(entry + PC, pc);
  }

  /** Forgets a guest pc. */
  public void remove(long pc) {
    long entry = address + 8 * (pc & PC_MASK);
    if (HostMemory.getLong(entry + PC) == pc) {
      HostMemory.putLong(entry + PC, EMPTY);
    }
  }
}
