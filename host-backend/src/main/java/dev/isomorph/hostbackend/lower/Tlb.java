package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;
import java.util.function.LongPredicate;

/**
 * A table from guest virtual pages to host memory, probed by emitted code at each load and store;
 * r15 points at the one in use. Direct-mapped; entries are 32 bytes: the page that may be loaded
 * from, the page that may be stored to (odd where there is none, which no page is), and what turns
 * an address in it into a host address.
 *
 * <p>One thread at a time: that of the hart it belongs to, or one that keeps the hart out of
 * emitted code.
 */
public final class Tlb implements AutoCloseable {
  /** Size of a page in bytes. */
  public static final int PAGE_SIZE = 1 << 12;

  static final int LOADED = 0;
  static final int STORED = 8;
  static final int ADDEND = 16;

  private static final int PAGE_SHIFT = 12;
  private static final int ENTRY_SHIFT = 5;
  private static final int ENTRIES = 1 << 10;
  private static final int SIZE = ENTRIES << ENTRY_SHIFT;
  private static final long NO_PAGE = -1;

  /** How far an address is shifted, and which bits then are an entry's offset. */
  static final int OFFSET_SHIFT = PAGE_SHIFT - ENTRY_SHIFT;

  static final int OFFSET_MASK = ENTRIES - 1 << ENTRY_SHIFT;

  private final long address;
  private boolean empty;

  /** An empty table. */
  public Tlb() {
    address = HostMemory.allocate(SIZE);
    clear();
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
    HostMemory.putLong(entry + LOADED, loads ? page : NO_PAGE);
    HostMemory.putLong(entry + STORED, stores ? page : NO_PAGE);
    HostMemory.putLong(entry + ADDEND, host - page);
    empty = false;
  }

  /**
   * The host address of a guest address.
   *
   * @return 0 if the table does not have it
   */
  long find(long guest, boolean store) {
    long entry = entry(guest);
    boolean hit = HostMemory.getLong(entry + (store ? STORED : LOADED)) == (guest & -PAGE_SIZE);
    return hit ? HostMemory.getLong(entry + ADDEND) + guest : 0;
  }

  /** Forgets the page of a guest address. */
  public void forget(long guest) {
    long entry = entry(guest);
    HostMemory.putLong(entry + LOADED, NO_PAGE);
    HostMemory.putLong(entry + STORED, NO_PAGE);
  }

  /** Stores to pages whose host address is one of these have to be asked for again. */
  public void protect(LongPredicate pages) {
    if (empty) {
      return;
    }
    for (long entry = address; entry < address + SIZE; entry += 1 << ENTRY_SHIFT) {
      long page = HostMemory.getLong(entry + STORED);
      if (page != NO_PAGE && pages.test(page + HostMemory.getLong(entry + ADDEND))) {
        HostMemory.putLong(entry + STORED, NO_PAGE);
      }
    }
  }

  /** Forgets all pages. */
  public void clear() {
    if (!empty) {
      HostMemory.fill(address, SIZE, (byte) NO_PAGE);
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
