package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;
import java.util.Collection;

/**
 * A table from guest pc to host code, one per hart, probed by emitted code at indirect jumps.
 * Entries are 16 bytes: guest pc (one that selects another entry when empty), host address.
 *
 * <p>A pc is in the entry its low bits select, where emitted code looks itself, or in that one's
 * neighbour, where the stub {@link Stubs#find} looks next: of two that select the same entry both
 * are found. Neighbours are selected by adjacent instructions, seldom both targets. The third place
 * it may be in depends on higher bits, too: functions that are aligned select few entries.
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

  /**
   * The third place is selected by bits of a product of 32 bits, from this one on. The factor keeps
   * thousands of targets apart whether they lie 16, 64, 256, 512, 1024 or 4096 bytes from each
   * other; most factors do so for some of these only.
   */
  static final int FAR_SHIFT = 15;

  static final int FAR_FACTOR = 0x85ebca6b;

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
        HostMemory.putLong(far(entered[i]) + PC, EMPTY);
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
    // What is there as its third place has no claim to the neighbour.
    if (before != pc && isPair(before, pc) && !isEmpty(before)) {
      long codeBefore = HostMemory.getLong(entry + CODE);
      // The third place of what moves may be this entry.
      moveAside(other(pc), before);
      put(other(pc), before, codeBefore);
    }
    put(entry, pc, code);
  }

  /** Moves what is in an entry to its third place, for another pc that selects the same two. */
  private void moveAside(long entry, long pc) {
    long before = HostMemory.getLong(entry + PC);
    if (before != pc && isPair(before, pc) && !isEmpty(before)) {
      put(far(before), before, HostMemory.getLong(entry + CODE));
    }
  }

  private static boolean isPair(long pc, long other) {
    return ((pc ^ other) & PC_MASK & ~OTHER_ENTRY) == 0;
  }

  private static boolean isEmpty(long pc) {
    return pc == EMPTY || pc == EMPTY_FIRST;
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

  private long far(long pc) {
    return address + 8L * ((int) pc * FAR_FACTOR >>> FAR_SHIFT & PC_MASK);
  }

  /** Forgets a guest pc. */
  public void remove(long pc) {
    forget(entry(pc), pc);
    forget(other(pc), pc);
    forget(far(pc), pc);
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
