package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;
import java.util.Collection;

/**
 * A table from guest pc to host code, one per hart, probed by emitted code at indirect jumps.
 * Entries are 16 bytes: guest pc (one that selects another entry when empty), host address.
 *
 * <p>A pc is in the entry its low bits select, where emitted code looks itself, or in that one's
 * neighbour, where the stub {@link Stubs#find} looks next: of two that select the same entry both
 * are found. Neighbours are selected by adjacent instructions, seldom both targets.
 */
public final class JumpCache implements AutoCloseable {
  /** Offset of the guest pc in an entry. */
  static final int PC = 0;

  /** Offset of the host address. */
  static final int CODE = 8;

  private static final int ENTRIES = 1 << 15;

  /** Selects the bits of a pc that, times 8, are an entry's offset. */
  static final int PC_MASK = (ENTRIES - 1) << 1;

  /** What turns an entry's offset, divided by 8, into that of its neighbour. */
  static final int OTHER_ENTRY = 2;

  /** Guest pages: what one of them holds, stays together. */
  static final int PAGE_SHIFT = 12;

  static final int PAGE_OFFSET = (1 << PAGE_SHIFT) - 1;

  private static final int ENTRY = 16;

  static final int SIZE = ENTRY * ENTRIES;

  /**
   * What an entry has that is empty: memory need not be touched for that. It is the pc of no entry
   * but the two that it selects, which have {@link #EMPTY_FIRST} instead, a pc that selects others.
   * Where guest code jumps may be anything, so there is no pc that no entry is asked for.
   */
  private static final long EMPTY = 0;

  private static final long EMPTY_FIRST = 4;

  /** So many entries are cleared one by one; for more the whole table is. */
  private static final int MOST_SINGLES = 256;

  private final long address;

  /** The pcs entered since all were forgotten, as far as there is room. */
  private final long[] entered = new long[MOST_SINGLES];

  private int enteredCount;

  /** Whether the code is for a rounding mode that the host has. */
  private boolean hostRounding = true;

  /** An empty table. */
  public JumpCache() {
    address = HostMemory.allocate(SIZE);
    makeFirstEmpty();
  }

  /** Host address of the table. */
  public long address() {
    return address;
  }

  /** Forgets all entries. */
  public void clear() {
    if (enteredCount > MOST_SINGLES) {
      HostMemory.fill(address, SIZE, (byte) EMPTY);
    } else {
      for (int i = 0; i < enteredCount; i++) {
        HostMemory.putLong(entry(entered[i]) + PC, EMPTY);
        HostMemory.putLong(other(entered[i]) + PC, EMPTY);
      }
    }
    enteredCount = 0;
    makeFirstEmpty();
  }

  /**
   * The code is to be for the host's rounding modes, or for the others; other code is forgotten.
   */
  void serve(boolean roundsByHost) {
    if (hostRounding != roundsByHost) {
      clear();
      hostRounding = roundsByHost;
    }
  }

  private void makeFirstEmpty() {
    HostMemory.putLong(entry(EMPTY) + PC, EMPTY_FIRST);
    HostMemory.putLong(other(EMPTY) + PC, EMPTY_FIRST);
  }

  /** Enters host code for a guest pc. */
  public void put(long pc, long code) {
    if (enteredCount < MOST_SINGLES) {
      entered[enteredCount] = pc;
    }
    enteredCount = Math.min(enteredCount + 1, MOST_SINGLES + 1);
    long entry = entry(pc);
    long before = HostMemory.getLong(entry + PC);
    if (before != pc && before != EMPTY && before != EMPTY_FIRST) {
      put(other(pc), before, HostMemory.getLong(entry + CODE));
    }
    put(entry, pc, code);
  }

  private static void put(long entry, long pc, long code) {
    HostMemory.putLong(entry + CODE, code);
    HostMemory.putLong(entry + PC, pc);
  }

  /** Adds the guest pcs that there are entries for, as far as they are in [first, end). */
  public void addEntered(long first, long end, Collection<Long> found) {
    for (long entry = address; entry < address + SIZE; entry += ENTRY) {
      long pc = HostMemory.getLong(entry + PC);
      if (pc >= first && pc < end && pc != EMPTY && pc != EMPTY_FIRST) {
        found.add(pc);
      }
    }
  }

  private long entry(long pc) {
    return address + firstEntry(pc);
  }

  /** Offset of the entry that a pc selects. */
  static int firstEntry(long pc) {
    return (int) (8 * (pc & PC_MASK));
  }

  private long other(long pc) {
    return address + 8 * (pc & PC_MASK ^ OTHER_ENTRY);
  }

  /** Forgets a guest pc. */
  public void remove(long pc) {
    forget(entry(pc), pc);
    forget(other(pc), pc);
  }

  private void forget(long entry, long pc) {
    if (HostMemory.getLong(entry + PC) == pc) {
      boolean isFirst = entry == entry(EMPTY) || entry == other(EMPTY);
      HostMemory.putLong(entry + PC, isFirst ? EMPTY_FIRST : EMPTY);
    }
  }

  @Override
  public void close() {
    HostMemory.free(address, SIZE);
  }
}
