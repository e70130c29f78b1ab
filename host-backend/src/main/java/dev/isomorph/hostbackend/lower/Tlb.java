package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;
import java.util.function.LongPredicate;

/**
 * A table from guest virtual pages to host memory, probed by emitted code at each load and store;
 * r15 points at the one in use. Direct-mapped; entries are 32 bytes: the page that may be loaded
 * from, the page that may be stored to (one that belongs into another entry where there is none),
 * and the host address of the page. So an address is found if it differs from the page by less than
 * a page's size.
 *
 * <p>One thread at a time: that of the hart it belongs to, or one that keeps the hart out of
 * emitted code.
 */
public final class Tlb implements AutoCloseable {
  /** Size of a page in bytes. */
  public static final int PAGE_SIZE = 1 << 12;

  static final int LOADED = 0;
  static final int STORED = 8;
  static final int HOST = 16;

  private static final int PAGE_SHIFT = 12;
  private static final int ENTRY_SHIFT = 5;
  private static final int ENTRIES = 1 << 10;
  private static final int SIZE = ENTRIES << ENTRY_SHIFT;

  /** How far an address is shifted, and which bits then are an entry's offset. */
  static final int OFFSET_SHIFT = PAGE_SHIFT - ENTRY_SHIFT;

  static final int OFFSET_MASK = ENTRIES - 1 << ENTRY_SHIFT;

  /** A table without pages, to copy from. */
  private static final long EMPTY = empty();

  private final long address;
  private boolean empty;

  /** An empty table. */
  public Tlb() {
    address = HostMemory.allocate(SIZE);
    clear();
  }

  private static long empty() {
    long table = HostMemory.allocate(SIZE);
    for (int offset = 0; offset < SIZE; offset += 1 << ENTRY_SHIFT) {
      HostMemory.putLong(table + offset + LOADED, noPage(offset));
      HostMemory.putLong(table + offset + STORED, noPage(offset));
    }
    return table;
  }

  /** A page that belongs into another entry than the one at an offset. */
  private static long noPage(long offset) {
    return offset << OFFSET_SHIFT ^ PAGE_SIZE;
  }

  /** Host address of the table. */
  public long address() {
    return address;
  }

  /**
   * Enters the page of a guest address.
   *
   * @param host host address of the page's first byte
   */
  public void fill(long guest, long host, boolean loads, boolean stores) {
    long page = guest & -PAGE_SIZE;
    long entry = entry(guest);
    HostMemory.putLong(entry + LOADED, loads ? page : page ^ PAGE_SIZE);
    HostMemory.putLong(entry + STORED, stores ? page : page ^ PAGE_SIZE);
    HostMemory.putLong(entry + HOST, host);
    empty = false;
  }

  /**
   * The host address of a guest address.
   *
   * @return 0 if the table does not have it
   */
  long find(long guest, boolean store) {
    long entry = entry(guest);
    long offset = HostMemory.getLong(entry + (store ? STORED : LOADED)) ^ guest;
    boolean hit = Long.compareUnsigned(offset, PAGE_SIZE) < 0;
    return hit ? HostMemory.getLong(entry + HOST) + offset : 0;
  }

  /** Forgets the page of a guest address. */
  public void forget(long guest) {
    long entry = entry(guest);
    HostMemory.putLong(entry + LOADED, guest & -PAGE_SIZE ^ PAGE_SIZE);
    HostMemory.putLong(entry + STORED, guest & -PAGE_SIZE ^ PAGE_SIZE);
  }

  /** Stores to pages whose host address is one of these have to be asked for again. */
  public void protect(LongPredicate pages) {
    if (empty) {
      return;
    }
    for (int offset = 0; offset < SIZE; offset += 1 << ENTRY_SHIFT) {
      long entry = address + offset;
      boolean stores = entry(HostMemory.getLong(entry + STORED)) == entry;
      if (stores && pages.test(HostMemory.getLong(entry + HOST))) {
        HostMemory.putLong(entry + STORED, noPage(offset));
      }
    }
  }

  /** Forgets all pages. */
  public void clear() {
    if (!empty) {
      HostMemory.copy(EMPTY, address, SIZE);
      empty = true;
    }
  }

  private long entry(long guest) {
    return address + (guest >>> OFFSET_SHIFT & OFFSET_MASK);
  }

  @Override
  public void close() {
    HostMemory.free(address, SIZE);
  }
}
