package dev.isomorph.systemvm.hart;

import static dev.isomorph.systemvm.hart.TestHart.RAM_BASE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MappedRangeTest {
  private static final long SV39 = 8L << 60;
  private static final long SV57 = 10L << 60;
  private static final int LEAF = 0b1100_1111; // D, A, X, W, R, V
  private static final int TABLE = 1;
  private static final int ENTRIES = 512;
  private static final long PAGE = 4096;

  private final TestHart hart = new TestHart();

  @AfterEach
  void close() {
    hart.close();
  }

  private void entry(int table, int index, long physical, int flags) {
    hart.ram.putLong(RAM_BASE + table * PAGE + index * 8L, physical >>> 2 | flags);
  }

  private List<MappedRange> ranges(long mode, int most) {
    return MappedRange.of(mode | RAM_BASE >>> 12, hart.ram, most);
  }

  @Test
  void pagesThatFollowEachOtherAreOneRange() {
    entry(0, 511, RAM_BASE + PAGE, TABLE);
    entry(1, 0, RAM_BASE + 2 * PAGE, TABLE);
    entry(1, 1, 0x4000_0000, LEAF);
    entry(2, 510, 0x3fff_e000, LEAF);
    entry(2, 511, 0x3fff_f000, LEAF);
    entry(1, 3, 0x4000_0000, LEAF & ~4);
    long start = -1L << 30;
    assertEquals(
        List.of(
            new MappedRange(start + 510 * PAGE, 0x3fff_e000, 2 * PAGE + (2 << 20), LEAF),
            new MappedRange(start + (6 << 20), 0x4000_0000, 2 << 20, LEAF & ~4)),
        ranges(SV39, 10));
    assertEquals("r-x--ad", ranges(SV39, 10).getLast().attributes());
    assertEquals(1, ranges(SV39, 1).size());
    assertTrue(MappedRange.of(0, hart.ram, 10).isEmpty());
    assertTrue(MappedRange.of(7L << 60, hart.ram, 10).isEmpty());
  }

  @Test
  void pagesOfANaturallyAlignedRangeAreTheRangeAndMarkedSo() {
    long napot = 1L << 63;
    entry(0, 0, RAM_BASE + PAGE, TABLE);
    entry(1, 0, RAM_BASE + 2 * PAGE, TABLE);
    for (int i = 16; i < 32; i++) {
      hart.ram.putLong(RAM_BASE + 2 * PAGE + i * 8L, napot | 0x4000_8000L >>> 2 | LEAF);
    }
    hart.ram.putLong(RAM_BASE + 2 * PAGE + 40 * 8L, napot | 0x4000_0000L >>> 2 | LEAF);
    MappedRange range =
        new MappedRange(16 * PAGE, 0x4000_0000, 16 * PAGE, LEAF | MappedRange.NAPOT);
    assertEquals(List.of(range), ranges(SV39, 10));
    assertEquals("rwx--adn", range.attributes());
  }

  @Test
  void tablesThatAreTheirOwnPartsHaveAnEnd() {
    for (int i = 0; i < ENTRIES; i++) {
      entry(0, i, RAM_BASE, TABLE);
    }
    assertTrue(ranges(SV57, 10).isEmpty());
  }

  @Test
  void tablesOutsideOfMemoryAreEmpty() {
    entry(0, 0, 1L << 50, TABLE);
    assertTrue(ranges(SV39, 10).isEmpty());
  }
}
