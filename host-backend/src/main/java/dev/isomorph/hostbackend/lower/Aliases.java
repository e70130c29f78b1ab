package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.Zones.Zone;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/**
 * Pages of a {@link Tlb} that are mapped into the host's address space as the guest has them, so
 * that the host's own MMU finds them: an aligned stretch of guest addresses is one of the {@link
 * Zones} of host addresses. What is not mapped there faults on the host.
 *
 * <p>A page may have an alias as long as the table may have it, and with no more rights: what takes
 * pages or rights out of the table calls the method of the same name here.
 *
 * <p>For the thread of the hart, or one that keeps it out of emitted code; both may call what
 * changes the aliases at once.
 */
final class Aliases {
  /** What is not in a zone. */
  static final long NOWHERE = -1;

  /** How many zones there may be; which one an address may be in, the lowest bits above it tell. */
  private static final int COUNT = 1 << 2;

  /**
   * What emitted code finds of a zone: the addresses behind and before which an address is in it,
   * with a margin, and what makes it a host's.
   */
  static final int LOW = 0;

  static final int HIGH = 8;
  static final int DISTANCE = 16;
  private static final int ENTRY_SHIFT = 5;

  /** How far an address is shifted, and which bits then are the place of its zone. */
  static final int OFFSET_SHIFT = Zones.SHIFT - ENTRY_SHIFT;

  static final int OFFSET_MASK = COUNT - 1 << ENTRY_SHIFT;

  /** Size of what emitted code finds. */
  static final int HEADER_SIZE = COUNT << ENTRY_SHIFT;

  /**
   * Of all harts and machines of the process. The host lets it have 65,530 mappings in all, and
   * each run may be two: what is between it and the next is one, too.
   */
  static final int MOST_MAPPINGS = 20_000;

  private static final AtomicInteger ALL_MAPPINGS = new AtomicInteger();

  /** How often pages may be mapped, how much more often for each millisecond. */
  static final int MOST_CREDIT = 1 << 15;

  private static final int CREDIT_EACH_MILLISECOND = 64;

  /** What it costs to lose all since there are too many. */
  private static final int LOSS = MOST_CREDIT / 4;

  private static final long MILLISECOND = 1_000_000;

  /** How long there are no zones when pages have been mapped too often. */
  static final long PAUSE = 2_000 * MILLISECOND;

  private final Zones pool;
  private final long header;
  private final AliasedPages pages = new AliasedPages();
  private final Zone[] zones = new Zone[COUNT];

  /** Which zone of guest addresses each is for. */
  private final long[] numbers = new long[COUNT];

  private int credit = MOST_CREDIT;
  private long creditedAt;
  private long pausedUntil;

  /**
   * @param header where emitted code finds the zones
   */
  Aliases(Zones pool, long header) {
    this.pool = pool;
    this.header = header;
    creditedAt = pool.now();
    pausedUntil = creditedAt;
    Arrays.fill(numbers, NOWHERE);
    hideAll();
  }

  private static int index(long number) {
    return (int) number & COUNT - 1;
  }

  private long entry(int index) {
    return header + ((long) index << ENTRY_SHIFT);
  }

  /** Emitted code finds no zone. */
  private void hideAll() {
    for (int i = 0; i < COUNT; i++) {
      hide(i);
    }
  }

  private void hide(int index) {
    HostMemory.putLong(entry(index) + LOW, -1);
  }

  private void show(int index) {
    long start = numbers[index] << Zones.SHIFT;
    HostMemory.putLong(entry(index) + LOW, start + PageStreamCode.MARGIN);
    HostMemory.putLong(entry(index) + HIGH, start + Zones.SIZE - PageStreamCode.MARGIN);
    HostMemory.putLong(entry(index) + DISTANCE, zones[index].base - start);
  }

  /**
   * The table is found to be in use: what has been entered gets zones, if there are any. Nowhere
   * else do zones go from one table to another. So the hart must not go on in the middle of a
   * region afterwards, which knows the zones it had.
   */
  void provide() {
    if (isPaused()) {
      return;
    }
    long now = pool.now();
    long milliseconds = (now - creditedAt) / MILLISECOND;
    creditedAt += milliseconds * MILLISECOND;
    credit = (int) Math.min(MOST_CREDIT, credit + CREDIT_EACH_MILLISECOND * milliseconds);
    for (int i = 0; i < COUNT; i++) {
      if (zones[i] == null && numbers[i] != NOWHERE) {
        zones[i] = pool.take(this);
      }
      if (zones[i] != null) {
        pool.used(zones[i]);
        show(i);
      }
    }
  }

  private boolean isPaused() {
    return pool.now() - pausedUntil < 0;
  }

  /** For a while there are no zones, and what is in them goes. */
  private void pause() {
    hideAll();
    clear();
    pausedUntil = pool.now() + PAUSE;
    credit = MOST_CREDIT;
  }

  /** The next zone that is given is for what is near a guest address. */
  void wantZone(long guest) {
    long number = guest >>> Zones.SHIFT;
    if (zones[index(number)] == null) {
      numbers[index(number)] = number;
    }
  }

  /** A page has been entered in the table. */
  void entered(long guest, long host, boolean loads) {
    wantZone(guest);
    if (pages.size() > 0) {
      long known = pages.get(guest >>> Tlb.PAGE_SHIFT);
      if (known != AliasedPages.NONE && ((known & -Tlb.PAGE_SIZE) != host || !loads)) {
        forget(guest);
      }
    }
  }

  /** The guest address that is at a host address, if that is in a zone; else {@link #NOWHERE}. */
  long guestAt(long host) {
    for (int i = 0; i < COUNT; i++) {
      if (zones[i] != null && host >= zones[i].base && host - zones[i].base < Zones.SIZE) {
        return (numbers[i] << Zones.SHIFT) + (host - zones[i].base);
      }
    }
    return NOWHERE;
  }

  /**
   * Maps pages next to each other that are in a zone.
   *
   * @param guest address of the first
   * @param hosts for each page the host address of its frame, with {@link AliasedPages#STORED} if
   *     it may be stored to, or {@link AliasedPages#NONE}; what is mapped already stays
   * @return false if the host refuses, or there are too many
   */
  synchronized boolean map(long guest, long[] hosts) {
    int index = index(guest >>> Zones.SHIFT);
    if (isPaused()) {
      return false;
    }
    if (zones[index] == null || --credit < 0 || !makeRoom(hosts.length)) {
      pause();
      return false;
    }
    long place = guest - (numbers[index] << Zones.SHIFT) + zones[index].base;
    long page = guest >>> Tlb.PAGE_SHIFT;
    int before = pages.mappings();
    int next = 0;
    boolean done = true;
    while (done && next < hosts.length) {
      int start = next++;
      if (!isNew(page + start, hosts[start])) {
        continue;
      }
      while (next < hosts.length
          && hosts[next] == hosts[next - 1] + Tlb.PAGE_SIZE
          && isNew(page + next, hosts[next])) {
        next++;
      }
      long length = (long) (next - start) << Tlb.PAGE_SHIFT;
      boolean stores = (hosts[start] & AliasedPages.STORED) != 0;
      done =
          pool.memory()
              .map(
                  place + ((long) start << Tlb.PAGE_SHIFT),
                  hosts[start] & -Tlb.PAGE_SIZE,
                  length,
                  stores);
      for (int i = start; done && i < next; i++) {
        pages.put(page + i, hosts[i]);
      }
    }
    ALL_MAPPINGS.addAndGet(pages.mappings() - before);
    if (!done) {
      pause();
    }
    return done;
  }

  /** Whether there is something to be mapped for a page that is not there yet. */
  private boolean isNew(long page, long host) {
    long known = pages.get(page);
    return host != AliasedPages.NONE && known != host && known != (host | AliasedPages.STORED);
  }

  /** Whether there may be so many mappings more, if need be since others have gone. */
  private boolean makeRoom(int more) {
    if (ALL_MAPPINGS.get() + more > MOST_MAPPINGS) {
      pool.clearAll();
      credit -= LOSS;
    }
    return ALL_MAPPINGS.get() + more <= MOST_MAPPINGS;
  }

  /** As {@link Tlb#forget}. */
  void forget(long guest) {
    if (pages.size() > 0) {
      remove(guest >>> Tlb.PAGE_SHIFT);
    }
  }

  private synchronized void remove(long page) {
    if (pages.get(page) != AliasedPages.NONE) {
      int before = pages.mappings();
      pages.remove(page);
      ALL_MAPPINGS.addAndGet(pages.mappings() - before);
      if (!Zones.unmap(place(page), Tlb.PAGE_SIZE) || hasTooManyMappings()) {
        removeAll();
      }
    }
  }

  /** Where a page that is in a zone has its alias. */
  private long place(long page) {
    int index = index(page >>> Zones.SHIFT - Tlb.PAGE_SHIFT);
    return zones[index].base + ((page << Tlb.PAGE_SHIFT) - (numbers[index] << Zones.SHIFT));
  }

  /** As {@link Tlb#protect}. */
  void protect(LongPredicate hosts) {
    if (pages.size() > 0) {
      protectSome(hosts);
    }
  }

  private synchronized void protectSome(LongPredicate hosts) {
    int before = pages.mappings();
    boolean done = true;
    for (long page : pages.all()) {
      long host = pages.get(page) & -Tlb.PAGE_SIZE;
      if (pages.get(page) != host && hosts.test(host)) {
        done &= isMadeReadable(place(page));
        pages.put(page, host);
      }
    }
    ALL_MAPPINGS.addAndGet(pages.mappings() - before);
    if (!done || hasTooManyMappings()) {
      removeAll();
    }
  }

  /** What takes pages out of the middle of a run makes two of it. */
  private static boolean hasTooManyMappings() {
    return ALL_MAPPINGS.get() > MOST_MAPPINGS;
  }

  private static boolean isMadeReadable(long place) {
    return HostCalls.syscall(HostLinux.MPROTECT, place, Tlb.PAGE_SIZE, HostLinux.PROT_READ, 0, 0, 0)
        == 0;
  }

  /** As {@link Tlb#clear}. */
  void clear() {
    if (pages.size() > 0) {
      removeAll();
    }
  }

  private synchronized void removeAll() {
    ALL_MAPPINGS.addAndGet(-pages.mappings());
    pages.clear();
    for (Zone zone : zones) {
      if (zone != null) {
        Zones.empty(zone);
      }
    }
  }

  /** Somebody else needs a zone. */
  void lose(Zone zone) {
    clear();
    for (int i = 0; i < COUNT; i++) {
      if (zones[i] == zone) {
        drop(i);
      }
    }
  }

  /** Gives up all zones: the table is one of something else from now on, or of nothing. */
  void vacate() {
    clear();
    for (int i = 0; i < COUNT; i++) {
      if (zones[i] != null) {
        drop(i);
      }
    }
  }

  private void drop(int index) {
    hide(index);
    zones[index].owner = null;
    zones[index] = null;
    numbers[index] = NOWHERE;
  }
}
