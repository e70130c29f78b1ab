package dev.isomorph.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetCodeTest {
  private final MetCode met = new MetCode();

  /** More than there are bits in a map of a fixed size, and all of them multiples of a distance. */
  @Test
  void tellsAllAddressesOfAHugeProgramApart() {
    int functions = 500_000;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < functions; i++) {
        assertEquals(round == 0, met.meet(0x10000 + 256L * i));
      }
    }
  }

  @Test
  void tellsNeighboursAndFarPagesApart() {
    Random random = new Random(1);
    Set<Long> all = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      long page = random.nextInt(300) * (random.nextBoolean() ? 1L << 32 : 1 << 12);
      long pc = page + 2 * random.nextInt(1 << 11) - (random.nextInt(9) == 0 ? 1L << 63 : 0);
      assertEquals(all.add(pc), met.meet(pc), () -> Long.toHexString(pc));
    }
  }

  @Test
  void startsAnewWhenThereIsTooMuch() {
    for (long page = 0; page < MetCode.MOST_PAGES; page++) {
      assertTrue(met.meet(page << 12));
    }
    assertFalse(met.meet(0), "still known");
    assertTrue(met.meet((long) MetCode.MOST_PAGES << 12));
    assertTrue(met.meet(0));
    assertFalse(met.meet((long) MetCode.MOST_PAGES << 12));
  }
}
