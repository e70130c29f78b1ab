package dev.isomorph.systemvm.hart;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LargePagesTest {
  private static final long MEGA = 2L << 20;
  private static final long GIGA = 1L << 30;

  private final LargePages pages = new LargePages();

  @Test
  void knowsAllOfEachPageSeen() {
    pages.note(5 * GIGA + 7 * MEGA + 0x1234, GIGA);
    pages.note(-3 * MEGA, MEGA);
    pages.note(-GIGA - 0x1_0000, 1 << 16);
    assertTrue(pages.contains(5 * GIGA));
    assertTrue(pages.contains(6 * GIGA - 1));
    assertTrue(pages.contains(-3 * MEGA));
    assertTrue(pages.contains(-2 * MEGA - 1));
    assertTrue(pages.contains(-GIGA - 1));
  }

  @Test
  void leavesOutSmallPagesAndWhatIsFarAway() {
    pages.note(0x4000, PageWalker.PAGE);
    assertFalse(pages.contains(0x4000));
    pages.note(-GIGA, MEGA);
    pages.note(0, MEGA);
    int others = 0;
    for (long address = MEGA; address < 1000 * MEGA; address += MEGA) {
      others += pages.contains(address) ? 1 : 0;
    }
    assertTrue(others < 10, others + " that have not been seen");
  }

  @Test
  void forgets() {
    pages.note(MEGA, MEGA);
    pages.clear();
    assertFalse(pages.contains(MEGA));
  }
}
