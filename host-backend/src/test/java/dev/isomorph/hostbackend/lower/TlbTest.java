package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TlbTest {
  private static final int ENTRIES = 1024;
  private static final long PAGE = Tlb.PAGE_SIZE;
  private static final long REACH = ENTRIES * PAGE;

  /** Some select the same entry. */
  private static final long[] PAGES = {
    0, PAGE, REACH, REACH + PAGE, -PAGE, -REACH, 1L << 38, 0x7fff_ffff_f000L, Long.MIN_VALUE
  };

  private static final long HOSTS = 0x7000_0000_0000L;

  private record Entry(long page, long host, boolean loads, boolean stores) {}

  /** What the table should hold: one page for each entry. */
  private static final class Model {
    private final Map<Long, Entry> entries = new HashMap<>();

    /** What has been entered and not been taken back; the second table may have some of it. */
    private final Map<Long, Entry> known = new HashMap<>();

    void fill(Entry entry) {
      entries.put(index(entry.page), entry);
      known.put(entry.page, entry);
    }

    void clear() {
      entries.clear();
      known.clear();
    }

    void forget(long page) {
      entries.remove(index(page));
      known.remove(page);
    }

    /** The host address if the second table has it. */
    long known(long address, boolean store) {
      Entry entry = known.get(address & -PAGE);
      boolean hit = entry != null && (store ? entry.stores : entry.loads);
      return hit ? entry.host + (address & PAGE - 1) : 0;
    }

    static long index(long address) {
      return address >>> 12 & ENTRIES - 1;
    }

    long find(long address, boolean store) {
      Entry entry = entries.get(index(address));
      boolean hit =
          entry != null && entry.page == (address & -PAGE) && (store ? entry.stores : entry.loads);
      return hit ? entry.host + (address & PAGE - 1) : 0;
    }

    void protect(Set<Long> hosts) {
      for (Map<Long, Entry> each : List.of(entries, known)) {
        each.replaceAll(
            (key, e) -> hosts.contains(e.host) ? new Entry(e.page, e.host, e.loads, false) : e);
      }
    }
  }

  @Test
  void findsWhatTheModelFinds() {
    Random random = new Random(1);
    Model model = new Model();
    try (Tlb tlb = new Tlb()) {
      for (int i = 0; i < 20_000; i++) {
        long page = PAGES[random.nextInt(PAGES.length)];
        long address = page + random.nextInt((int) PAGE);
        switch (random.nextInt(40)) {
          case 0 -> {
            tlb.clear();
            model.clear();
          }
          case 1, 2, 3 -> {
            tlb.forget(address);
            model.forget(page);
          }
          case 4, 5 -> {
            Set<Long> hosts = new HashSet<>();
            random.ints(2, 0, 8).forEach(n -> hosts.add(HOSTS + n * PAGE));
            tlb.protect(hosts::contains);
            model.protect(hosts);
          }
          default -> {
            Entry entry =
                new Entry(
                    page,
                    HOSTS + random.nextInt(8) * PAGE,
                    random.nextInt(4) != 0,
                    random.nextBoolean());
            tlb.fill(address, entry.host, entry.loads, entry.stores);
            model.fill(entry);
            assertEquals(model.known(address, false), tlb.findInSecond(address, false));
            assertEquals(model.known(address, true), tlb.findInSecond(address, true));
          }
        }
        compare(model, tlb, random);
      }
    }
  }

  private static void compare(Model model, Tlb tlb, Random random) {
    for (long page : PAGES) {
      long address = page + random.nextInt((int) PAGE);
      assertEquals(model.find(address, false), tlb.find(address, false));
      assertEquals(model.find(address, true), tlb.find(address, true));
      for (boolean store : new boolean[] {false, true}) {
        long second = tlb.findInSecond(address, store);
        assertTrue(second == 0 || second == model.known(address, store));
      }
    }
  }

  /** Pages that select the same entry of the first table have each their own in the second. */
  @Test
  void theSecondTableHasWhatHasLostItsEntry() {
    try (Tlb tlb = new Tlb()) {
      for (int i = 0; i < 200; i++) {
        tlb.fill(i * REACH, HOSTS + i * PAGE, true, i % 2 == 0);
      }
      for (int i = 0; i < 200; i++) {
        assertEquals(HOSTS + i * PAGE + 5, tlb.findInSecond(i * REACH + 5, false));
        assertEquals(i % 2 == 0 ? HOSTS + i * PAGE + 5 : 0, tlb.findInSecond(i * REACH + 5, true));
      }
    }
  }

  @Test
  void hasNothingAtFirst() {
    try (Tlb tlb = new Tlb()) {
      for (long page = 0; page < REACH; page += PAGE) {
        assertEquals(0, tlb.find(page, false));
        assertEquals(0, tlb.find(-PAGE - page, true));
        assertEquals(0, tlb.findInSecond(page, false));
        assertEquals(0, tlb.findInSecond(-PAGE - page, true));
      }
    }
  }
}
