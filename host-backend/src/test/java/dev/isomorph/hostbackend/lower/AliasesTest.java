package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.SharedMemory;
import dev.isomorph.hostbackend.signal.GuardedAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AliasesTest {
  private static final int PAGE = Tlb.PAGE_SIZE;
  private static final int FRAMES = 16;
  private static final int MOST_ZONES = 3;
  private static final int GROUP = 8;

  /** Groups of pages in three zones, two of them as far up in a zone as there may be aliases. */
  private static final long[] GROUPS = {
    0x10000,
    0x18000,
    Zones.SIZE - PageStreamCode.MARGIN - GROUP * PAGE,
    0x5555_5555_0000L,
    (1L << 47) - PageStreamCode.MARGIN - GROUP * PAGE
  };

  private final SharedMemory memory = new SharedMemory(FRAMES * PAGE, true);
  private long time;
  private final Zones zones = new Zones(memory, MOST_ZONES, () -> time);
  private final Tlb tlb = new Tlb(zones);
  private final GuardedAccess access = new GuardedAccess();

  /** What each page's alias should be, as {@link Tlb#alias} takes it. */
  private final Map<Long, Long> model = new HashMap<>();

  AliasesTest() {
    assertTrue(memory.isShared());
    for (int frame = 0; frame < FRAMES; frame++) {
      HostMemory.putLong(host(frame), frame);
    }
  }

  @AfterEach
  void close() {
    tlb.close();
    zones.close();
    memory.close();
    access.close();
  }

  private long host(int frame) {
    return memory.address() + (long) frame * PAGE;
  }

  /** Where emitted code looks for a guest address; -1 if it knows no zone. */
  private static long place(Tlb tlb, long guest) {
    long zone = tlb.address() + Tlb.ZONES;
    zone += guest >>> Aliases.OFFSET_SHIFT & Aliases.OFFSET_MASK;
    long low = HostMemory.getLong(zone + Aliases.LOW);
    long high = HostMemory.getLong(zone + Aliases.HIGH);
    boolean isInside =
        Long.compareUnsigned(guest, low - PageStreamCode.MARGIN) >= 0
            && Long.compareUnsigned(guest, high + PageStreamCode.MARGIN) < 0;
    return low == -1 || !isInside ? -1 : guest + HostMemory.getLong(zone + Aliases.DISTANCE);
  }

  private void giveZones() {
    for (long group : GROUPS) {
      tlb.fill(group, host(0), true, false);
    }
    tlb.provideZones();
  }

  private void compare() {
    for (long group : GROUPS) {
      for (long page = group; page < group + GROUP * PAGE; page += PAGE) {
        long place = place(tlb, page);
        assertTrue(place != -1);
        assertEquals(page, tlb.guestAt(place));
        long expected = model.getOrDefault(page, 0L);
        boolean isThere = access.load(place, 8);
        assertEquals(expected != 0, isThere, Long.toHexString(page));
        if (isThere) {
          assertEquals((expected - host(0)) / PAGE, access.value());
        }
        assertEquals(
            (expected & Tlb.STORES) != 0, access.store(place + 8, 8, page), Long.toHexString(page));
      }
    }
  }

  @Test
  void mapsWhatTheModelMaps() {
    giveZones();
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      long group = GROUPS[random.nextInt(GROUPS.length)];
      long page = group + random.nextInt(GROUP) * PAGE;
      switch (random.nextInt(20)) {
        case 0 -> {
          tlb.clear();
          model.clear();
        }
        case 1, 2, 3, 4, 5, 6 -> {
          tlb.forget(page + random.nextInt(PAGE));
          model.remove(page);
        }
        case 7, 8 -> {
          Set<Long> hosts = new HashSet<>();
          random.ints(6, 0, FRAMES).forEach(frame -> hosts.add(host(frame)));
          tlb.protect(hosts::contains);
          model.replaceAll((at, host) -> hosts.contains(host & -PAGE) ? host & -PAGE : host);
        }
        case 9, 10, 11 -> enter(page, host(random.nextInt(FRAMES)), random.nextInt(4) > 0);
        default -> map(group, random);
      }
      compare();
    }
  }

  /** A page of another frame, or that must not be loaded from, takes the place of what was. */
  private void enter(long page, long host, boolean loads) {
    tlb.fill(page, host, loads, false);
    if (!loads || (model.getOrDefault(page, 0L) & -PAGE) != host) {
      model.remove(page);
    }
  }

  private void map(long group, Random random) {
    long[] hosts = new long[GROUP];
    int frame = random.nextInt(FRAMES - GROUP);
    for (int i = 0; i < GROUP; i++) {
      frame = random.nextInt(3) == 0 ? random.nextInt(FRAMES) : (frame + 1) % FRAMES;
      long known = model.getOrDefault(group + i * PAGE, 0L);
      if (random.nextInt(4) > 0) {
        // What is there already is of the same frame, or it would have been forgotten.
        long host = known == 0 ? host(frame) : known & -PAGE;
        hosts[i] = host + (random.nextInt(3) > 0 ? Tlb.STORES : 0);
        model.put(group + i * PAGE, hosts[i] | known & Tlb.STORES);
      }
    }
    assertTrue(tlb.alias(group, hosts));
  }

  @Test
  void countsMappingsAsTheHostDoes() {
    AliasedPages pages = new AliasedPages();
    Map<Long, Long> known = new HashMap<>();
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      long page = random.nextInt(i < 10_000 ? 60 : 600);
      if (random.nextInt(3) == 0) {
        pages.remove(page);
        known.remove(page);
      } else {
        long host = host(0) + (page + random.nextInt(2)) * PAGE + random.nextInt(2);
        pages.put(page, host);
        known.put(page, host);
      }
      if (i % 5000 == 4999) {
        pages.clear();
        known.clear();
      }
      assertEquals(known.getOrDefault(page, AliasedPages.NONE), pages.get(page));
      assertEquals(known.size(), pages.size());
      long runs =
          known.entrySet().stream()
              .filter(e -> known.getOrDefault(e.getKey() - 1, 0L) != e.getValue() - PAGE)
              .count();
      long stretches = known.keySet().stream().filter(p -> !known.containsKey(p - 1)).count();
      assertEquals(runs + stretches, pages.mappings());
    }
    Set<Long> all = new HashSet<>();
    for (long page : pages.all()) {
      all.add(page);
    }
    assertEquals(known.keySet(), all);
  }

  @Test
  void aTableWithoutZonesHasNoAliases() {
    try (Tlb other = new Tlb()) {
      other.fill(GROUPS[0], host(0), true, true);
      other.provideZones();
      assertEquals(-1, place(other, GROUPS[0]));
      assertEquals(Tlb.NOWHERE, other.guestAt(host(0)));
    }
  }

  @Test
  void aZoneGoesFromTheOneThatUsedItLongestAgo() {
    giveZones();
    tlb.alias(GROUPS[0], new long[] {host(1)});
    long place = place(tlb, GROUPS[0]);
    assertTrue(access.load(place, 8));
    try (Tlb other = new Tlb(zones)) {
      other.fill(GROUPS[3], host(0), true, true);
      other.provideZones();
      assertTrue(place(other, GROUPS[3]) != -1);
      assertFalse(access.load(place, 8));
      List<Long> left = new ArrayList<>();
      for (long group : GROUPS) {
        left.add(place(tlb, group));
      }
      assertTrue(left.contains(-1L));
      // What it had last is what it gets back first.
      tlb.fill(GROUPS[0], host(0), true, true);
      tlb.provideZones();
      other.vacate();
      assertEquals(-1, place(other, GROUPS[3]));
    }
  }

  @Test
  void pagesThatAreMappedTooOftenAreNotMappedForAWhile() {
    giveZones();
    int times = 0;
    while (tlb.alias(GROUPS[0], new long[] {host(1)})) {
      tlb.clear();
      times++;
    }
    assertEquals(Aliases.MOST_CREDIT, times);
    tlb.provideZones();
    assertEquals(-1, place(tlb, GROUPS[0]));
    time += Aliases.PAUSE - 1;
    tlb.provideZones();
    assertEquals(-1, place(tlb, GROUPS[0]));
    time++;
    tlb.provideZones();
    assertTrue(tlb.alias(GROUPS[0], new long[] {host(1)}));
    assertTrue(access.load(place(tlb, GROUPS[0]), 8));
  }

  @Test
  void beforeTheHostHasTooManyMappingsAllGo() {
    giveZones();
    long[] hosts = new long[16];
    for (int i = 0; i < hosts.length; i++) {
      hosts[i] = host(i % 2 * 2);
    }
    int groups = (Aliases.MOST_MAPPINGS - 1) / hosts.length;
    for (int i = 0; i < groups; i++) {
      assertTrue(tlb.alias(GROUPS[0] + (long) i * hosts.length * PAGE, hosts));
    }
    long place = place(tlb, GROUPS[0]);
    assertTrue(access.load(place, 8));
    long next = (long) groups * hosts.length * PAGE;
    assertTrue(tlb.alias(GROUPS[0] + next, hosts));
    assertFalse(access.load(place, 8));
    assertTrue(access.load(place + next, 8));
  }

  /** What takes single pages out of long runs makes many of them. */
  @Test
  void beforeTheHostHasTooManyHolesAllGo() throws IOException {
    giveZones();
    long[] hosts = new long[1 << 10];
    for (int i = 0; i < hosts.length; i++) {
      hosts[i] = host(i % FRAMES);
    }
    int count = Aliases.MOST_MAPPINGS + 4 * hosts.length;
    for (int page = 0; page < count; page += hosts.length) {
      assertTrue(tlb.alias(GROUPS[0] + (long) page * PAGE, hosts));
    }
    long place = place(tlb, GROUPS[0]);
    int most = 0;
    for (int page = 1; page < count; page += 2) {
      tlb.forget(GROUPS[0] + (long) page * PAGE);
      if (page % hosts.length == 1) {
        most = Math.max(most, Files.readAllLines(Path.of("/proc/self/maps")).size());
      }
      assertFalse(access.load(place + (long) page * PAGE, 8));
    }
    assertTrue(most < Aliases.MOST_MAPPINGS + 5_000, most + " mappings");
    assertFalse(access.load(place, 8));
    assertTrue(tlb.alias(GROUPS[0], hosts));
    assertTrue(access.load(place, 8));
  }

  /** So an address that moves through a zone unseen comes to its margin, and not beyond. */
  @Test
  void marginsAreWiderThanWhatIsAccessedInARound() {
    assertTrue(PageStreamCode.MARGIN >= 2 * PageStream.FARTHEST + PageStream.LONGEST_STEP);
  }

  @Test
  void whatIsGivenBackIsZeroInAliasesToo() {
    giveZones();
    tlb.alias(GROUPS[0], new long[] {host(1), host(2)});
    assertTrue(memory.isBacked(host(1)));
    memory.release(host(1), PAGE);
    assertFalse(memory.isBacked(host(1)));
    assertTrue(access.load(place(tlb, GROUPS[0]), 8));
    assertEquals(0, access.value());
    HostMemory.putLong(host(1), 5);
    assertTrue(access.load(place(tlb, GROUPS[0]), 8));
    assertEquals(5, access.value());
    assertTrue(access.load(place(tlb, GROUPS[0] + PAGE), 8));
    assertEquals(2, access.value());
  }
}
