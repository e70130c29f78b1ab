package dev.isomorph.codecache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.lift.CodeSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** However instructions are kept, they are the ones that were given. */
class GuestInstructionsTest {
  private static final int COMPRESSED = 0x0505; // c.addi a0, 1
  private static final int FULL = 0x00150513; // addi a0, a0, 1
  private static final long[] STARTS = {
    0, 0x1_0000, 0x3_0fc0, 0x7fff_ffff_ffff_ffc0L, 0xffff_ffff_8000_0fc0L
  };

  @Property(tries = 500)
  void theyAreAsGiven(@ForAll long seed) {
    Random random = new Random(seed);
    int count = 1 + random.nextInt(40);
    boolean jumps = random.nextBoolean();
    long[] pcs = new long[count];
    int[] encodings = new int[count];
    long pc = STARTS[random.nextInt(STARTS.length)];
    for (int i = 0; i < count; i++) {
      pcs[i] = pc;
      encodings[i] = random.nextBoolean() ? COMPRESSED : FULL ^ random.nextInt(1 << 12) << 20;
      pc += Instruction.lengthOf(encodings[i]);
      pc += jumps && random.nextInt(8) == 0 ? 2L * random.nextInt(1 << 13) : 0;
    }
    check(GuestInstructions.of(pcs, encodings), pcs, encodings, random);
  }

  private static void check(
      GuestInstructions instructions, long[] pcs, int[] encodings, Random random) {
    assertEquals(pcs.length, instructions.count());
    assertArrayEquals(pcs, instructions.pcs());
    assertArrayEquals(encodings, instructions.encodings());
    Map<Long, Integer> memory = new HashMap<>();
    Set<Long> pages = new LinkedHashSet<>();
    int bytes = 0;
    for (int i = 0; i < pcs.length; i++) {
      assertEquals(pcs[i], instructions.pc(i));
      assertEquals(encodings[i], instructions.encoding(i));
      int length = Instruction.lengthOf(encodings[i]);
      bytes += length;
      for (int k = 0; k < length; k += Short.BYTES) {
        memory.put(pcs[i] + k, encodings[i] >>> Byte.SIZE * k & 0xffff);
        pages.add(pcs[i] + k >>> GuestInstructions.PAGE_SHIFT);
      }
    }
    assertEquals(bytes, instructions.bytes());
    assertArrayEquals(pages.stream().mapToLong(page -> page).toArray(), instructions.pages());
    CodeSource code = at -> memory.getOrDefault(at, -1);
    assertTrue(instructions.areIn(code));
    long changed = memory.keySet().stream().skip(random.nextInt(memory.size())).findFirst().get();
    assertTrue(instructions.overlaps(changed, changed + 1));
    memory.put(changed, memory.get(changed) ^ 1 << 2 + random.nextInt(14));
    assertFalse(instructions.areIn(code), () -> Long.toHexString(changed));
    for (int i = 0; i < 20; i++) {
      long start = pcs[random.nextInt(pcs.length)] + random.nextInt(9) - 4;
      long end = start + 1 + random.nextInt(8);
      if (Long.compareUnsigned(start, end) < 0) {
        boolean expected = false;
        for (long at : memory.keySet()) {
          expected |= Long.compareUnsigned(at, end) < 0 && Long.compareUnsigned(at + 1, start) >= 0;
        }
        assertEquals(expected, instructions.overlaps(start, end));
      }
    }
  }

  @Test
  void theyMayGoOnAtZero() {
    long[] pcs = {-4, 0};
    int[] encodings = {FULL, COMPRESSED};
    check(GuestInstructions.of(pcs, encodings), pcs, encodings, new Random(1));
  }
}
