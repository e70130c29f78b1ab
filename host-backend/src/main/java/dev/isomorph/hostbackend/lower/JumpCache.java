package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;

/**
 * A table from guest pc to host code, one per hart, probed by emitted code at indirect jumps.
 * Entries are 16 bytes: guest pc (odd when empty, which no guest pc is), host address.
 *
 * <p>A pc is in the entry its low bits select, where emitted code looks itself, or in that one's
 * neighbour, where the stub {@link Stubs#find} looks next: of two that select the same entry both
 * are found. Neighbours are selected by adjacent instructions, seldom both targets.
 */
public final class JumpCache {
  /** Offset of the guest pc in an entry. */
  static final int PC = 0;

  /** Offset of the host address. */
  static final int CODE = 8;

  private static final int ENTRIES = 1 << 15;

  /** Selects the bits of a pc that, times 8, are an entry's offset. */
  static final int PC_MASK = (ENTRIES - 1) << 1;

  /** What turns an entry's offset, divided by 8, into that of its neighbour. */
  static final int OTHER_ENTRY = 2;

  /** Size of the table in bytes. */
  public static final int SIZE = 16 * ENTRIES;

  /**
   * What an entry has that is empty: memory need not be touched for that. It is the pc of no entry
   * but the two that it selects, which have {@link #NO_PC} instead.
   */
  private static final long EMPTY = 0;

  private static final long NO_PC = -1;

  private final long address;

  /** A table in memory at a host address, {@link #SIZE} zero bytes. */
  public JumpCache(long address) {
    this.address = address;
    makeFirstEmpty();
  }

  /** Forgets all entries. */
  public void clear() {
    HostMemory.fill(address, SIZE, (byte) EMPTY);
    makeFirstEmpty();
  }

  private void makeFirstEmpty() {
    HostMemory.putLong(entry(EMPTY) + PC, NO_PC);
    HostMemory.putLong(other(EMPTY) + PC, NO_PC);
  }

  /** Enters host code for a guest pc. */
  public void put(long pc, long code) {
    long entry = entry(pc);
    long before = HostMemory.getLong(entry + PC);
    if (before != pc && before != EMPTY && before != NO_PC) {
      put(other(pc), before, HostMemory.getLong(entry + CODE));
    }
    put(entry, pc, code);
  }

  private static void put(long entry, long pc, long code) {
    HostMemory.putLong(entry + CODE, code);
    HostMemory.putLong(entry + PC, pc);
  }

  private long entry(long pc) {
    return address + 8 * (pc & PC_MASK);
  }

  private long other(long pc) {
    return address + 8 * (pc & PC_MASK ^ OTHER_ENTRY);
  }

  /** Forgets a guest pc. */
  public void remove(long pc) {
    forget(entry(pc), pc);
    forget(other(pc), pc);
  }

  private static void forget(long entry, long pc) {
    if (HostMemory.getLong(entry + PC) == pc) {
      HostMemory.putLong(entry + PC, NO_PC);
    }
  }
}
