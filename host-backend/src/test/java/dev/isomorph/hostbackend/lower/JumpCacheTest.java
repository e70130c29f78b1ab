package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JumpCacheTest {
  private static final long CODE = 0x7000_0000_0000L;

  /** What emitted code and the stubs find for a pc; 0 for nothing. */
  private static long find(JumpCache cache, long pc) {
    long entry = cache.address() + JumpCache.firstEntry(pc);
    long other = cache.address() + 8 * (pc & JumpCache.PC_MASK ^ JumpCache.OTHER_ENTRY);
    int mixed = (int) pc * JumpCache.FAR_FACTOR >>> JumpCache.FAR_SHIFT & JumpCache.PC_MASK;
    for (long at : new long[] {entry, other, cache.address() + 8L * mixed}) {
      if (HostMemory.getLong(at + JumpCache.PC) == pc) {
        return HostMemory.getLong(at + JumpCache.CODE);
      }
    }
    return 0;
  }

  /** Few entries are cleared one by one, of many the whole table is. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 5000})
  void isEmptyOnceCleared(int entries) {
    long[] pcs =
        new Random(entries).longs(entries, 0, 1L << 40).map(pc -> pc & (1 << 20) - 2).toArray();
    try (JumpCache cache = new JumpCache()) {
      for (int round = 0; round < 3; round++) {
        for (long pc : pcs) {
          cache.put(pc, CODE + pc);
          assertEquals(CODE + pc, find(cache, pc));
        }
        cache.clear();
        for (long pc = 0; pc < 1 << 20; pc += 2) {
          assertEquals(0, find(cache, pc));
        }
      }
    }
  }

  /** One that was moved to its neighbour by another one goes, too. */
  @Test
  void forgetsWhatHasMoved() {
    long pc = 0x4000;
    long sameEntry = pc + 2 * (JumpCache.PC_MASK / 2 + 1);
    try (JumpCache cache = new JumpCache()) {
      cache.put(pc, CODE);
      cache.put(sameEntry, CODE + 64);
      assertEquals(CODE, find(cache, pc));
      assertEquals(CODE + 64, find(cache, sameEntry));
      cache.clear();
      assertEquals(0, find(cache, pc));
      assertEquals(0, find(cache, sameEntry));
    }
  }

  /** Functions that are aligned select few entries, and are found all the same. */
  @ParameterizedTest
  @ValueSource(ints = {16, 64, 256, 512, 1024, 4096})
  void findsManyAligned(int alignment) {
    int count = 4000;
    try (JumpCache cache = new JumpCache()) {
      int missed = 0;
      for (int round = 0; round < 3; round++) {
        missed = 0;
        for (int i = 0; i < count; i++) {
          long pc = 0x1_0000_0000L + (long) i * alignment;
          if (find(cache, pc) == 0) {
            cache.put(pc, CODE + i);
            missed++;
          }
          assertEquals(CODE + i, find(cache, pc));
        }
      }
      assertTrue(missed < count / 50, missed + " missed");
      for (int i = 0; i < count; i++) {
        long pc = 0x1_0000_0000L + (long) i * alignment;
        cache.remove(pc);
        assertEquals(0, find(cache, pc));
      }
    }
  }

  @Test
  void forgetsCodeForOtherRoundingModesOnly() {
    try (JumpCache cache = new JumpCache()) {
      cache.put(0x4000, CODE);
      cache.serve(true);
      assertEquals(CODE, find(cache, 0x4000));
      cache.serve(false);
      assertEquals(0, find(cache, 0x4000));
      cache.put(0x4000, CODE);
      cache.serve(false);
      assertEquals(CODE, find(cache, 0x4000));
      cache.serve(true);
      assertEquals(0, find(cache, 0x4000));
    }
  }
}
