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
 * <p>Behind it is a second table, direct-mapped by other bits, for pages that have lost their entry
 * to another one: where an address is not found, emitted code looks there before it asks ({@link
 * Stubs}). What is entered is entered into both.
 *
 * <p>One thread at a time: that of the hart it belongs to, or one that keeps the hart out of
 * emitted code.
 */
public final class Tlb implements AutoCloseable {
  /** Size of a page in bytes. */
  public static final int PAGE_SIZE = 1 << 12;

  /** What is no guest address. */
  public static final long NOWHERE = Aliases.NOWHERE;

  /** Added to a host address where pages may be stored to. */
  public static final long STORES = AliasedPages.STORED;

  static final int LOADED = 0;
  static final int STORED = 8;
  static final int HOST = 16;

  static final int PAGE_SHIFT = 12;

  /** Entries are of so many bytes, as a power of two. */
  static final int ENTRY_SHIFT = 5;

  private static final int ENTRIES = 1 << 10;
  private static final int FIRST_SIZE = ENTRIES << ENTRY_SHIFT;

  /** Where the second table begins. */
  static final int SECOND = FIRST_SIZE;

  /** The bits of an entry's number there: those of the page's, and those so far above them. */
  static final int SECOND_MASK = (1 << 8) - 1;

  static final int SECOND_FOLD = PAGE_SHIFT + 10;

  private static final int SIZE = FIRST_SIZE + (SECOND_MASK + 1 << ENTRY_SHIFT);

  /** Where emitted code finds the zones of {@link Aliases}. */
  static final int ZONES = SIZE;

  /** How far an address is shifted, and which bits then are an entry's offset. */
  static final int OFFSET_SHIFT = PAGE_SHIFT - ENTRY_SHIFT;

  static final int OFFSET_MASK = ENTRIES - 1 << ENTRY_SHIFT;

  /** A table without pages, to copy from. */
  private static final long EMPTY = empty();

  private final long address;
  private final Aliases aliases;
  private boolean empty;

  /** An empty table; its pages have no {@link Aliases}. */
  public Tlb() {
    this(Zones.NONE);
  }

  /**
   * An empty table.
   *
   * @param zones where its pages may have {@link Aliases}
   */
  public Tlb(Zones zones) {
    address = HostMemory.allocate(SIZE + Aliases.HEADER_SIZE);
    aliases = new Aliases(zones, address + ZONES);
    clear();
  }

  private static long empty() {
    long table = HostMemory.allocate(SIZE);
    for (int offset = 0; offset < SIZE; offset += 1 << ENTRY_SHIFT) {
      long none = noPage(offset < SECOND ? offset : offset - SECOND);
      HostMemory.putLong(table + offset + LOADED, none);
      HostMemory.putLong(table + offset + STORED, none);
    }
    return table;
  }

  /** A page that belongs into another entry than the one at an offset. */
  private static long noPage(int offset) {
    return (long) offset << OFFSET_SHIFT ^ PAGE_SIZE;
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
    fillEntry(entry(guest), guest & -PAGE_SIZE, host, loads, stores);
    fillEntry(secondEntry(guest), guest & -PAGE_SIZE, host, loads, stores);
    empty = false;
    aliases.entered(guest, host, loads);
  }

  private static void fillEntry(long entry, long page, long host, boolean loads, boolean stores) {
    HostMemory.putLong(entry + LOADED, loads ? page : page ^ PAGE_SIZE);
    HostMemory.putLong(entry + STORED, stores ? page : page ^ PAGE_SIZE);
    HostMemory.putLong(entry + HOST, host);
  }

  /**
   * The host address of a guest address.
   *
   * @return 0 if the table does not have it
   */
  long find(long guest, boolean store) {
    return findIn(entry(guest), guest, store);
  }

  /** As {@link #find}, in the second table. */
  long findInSecond(long guest, boolean store) {
    return findIn(secondEntry(guest), guest, store);
  }

  private static long findIn(long entry, long guest, boolean store) {
    long offset = HostMemory.getLong(entry + (store ? STORED : LOADED)) ^ guest;
    boolean hit = Long.compareUnsigned(offset, PAGE_SIZE) < 0;
    return hit ? HostMemory.getLong(entry + HOST) + offset : 0;
  }

  /** Forgets the page of a guest address. */
  public void forget(long guest) {
    fillEntry(entry(guest), guest & -PAGE_SIZE, 0, false, false);
    fillEntry(secondEntry(guest), guest & -PAGE_SIZE, 0, false, false);
    aliases.forget(guest);
  }

  /** Stores to pages whose host address is one of these have to be asked for again. */
  public void protect(LongPredicate pages) {
    aliases.protect(pages);
    if (empty) {
      return;
    }
    for (int offset = 0; offset < SIZE; offset += 1 << ENTRY_SHIFT) {
      long entry = address + offset;
      long page = HostMemory.getLong(entry + STORED);
      boolean stores = (offset < SECOND ? entry(page) : secondEntry(page)) == entry;
      if (stores && pages.test(HostMemory.getLong(entry + HOST))) {
        HostMemory.putLong(entry + STORED, page ^ PAGE_SIZE);
      }
    }
  }

  /** Forgets all pages. */
  public void clear() {
    aliases.clear();
    if (!empty) {
      HostMemory.copy(EMPTY, address, SIZE);
      empty = true;
    }
  }

  /** A guest address is used without being looked for here. */
  public void wantZone(long guest) {
    aliases.wantZone(guest);
  }

  /** The table is found to be in use: its pages may have aliases from now on. */
  public void provideZones() {
    aliases.provide();
  }

  /**
   * The guest address whose alias would be at a host address.
   *
   * @return {@link #NOWHERE} if that is no place of aliases
   */
  public long guestAt(long host) {
    return aliases.guestAt(host);
  }

  /** Whether the page of a guest address may have an alias. */
  public static boolean mayAlias(long guest) {
    long place = guest & Zones.SIZE - 1;
    return place >= PageStreamCode.MARGIN && place < Zones.SIZE - PageStreamCode.MARGIN;
  }

  /**
   * Makes aliases of pages next to each other, of which the table may have all, and which
   * {@linkplain #mayAlias may} have one: an address that moves on unseen has to fault at the end of
   * its zone.
   *
   * @param guest address of the first
   * @param hosts the host address of each, plus {@link #STORES} if it may be stored to; 0 for none
   * @return false if there can be none
   */
  public boolean alias(long guest, long[] hosts) {
    assert areWithinMargins(guest, hosts) : Long.toHexString(guest);
    return aliases.map(guest, hosts);
  }

  private static boolean areWithinMargins(long guest, long[] hosts) {
    for (int i = 0; i < hosts.length; i++) {
      if (hosts[i] != AliasedPages.NONE && !mayAlias(guest + (long) i * PAGE_SIZE)) {
        return false;
      }
    }
    return true;
  }

  /** Forgets all pages, and serves something else from now on. */
  public void vacate() {
    clear();
    aliases.vacate();
  }

  private long entry(long guest) {
    return address + (guest >>> OFFSET_SHIFT & OFFSET_MASK);
  }

  private long secondEntry(long guest) {
    long number = (guest >>> PAGE_SHIFT ^ guest >>> SECOND_FOLD) & SECOND_MASK;
    return address + SECOND + (number << ENTRY_SHIFT);
  }

  @Override
  public void close() {
    vacate();
    HostMemory.free(address, SIZE + Aliases.HEADER_SIZE);
  }
}
