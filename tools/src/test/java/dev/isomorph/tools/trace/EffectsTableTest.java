package dev.isomorph.tools.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EffectsTableTest {
  private static final int ADDI = 0x13;
  private static final int LOADS = 50_000;

  private final EffectsTable table = new EffectsTable();

  @Test
  void tellsTheSameOfTheSameInstruction() {
    assertSame(table.of(ADDI), table.of(ADDI));
  }

  /** Far more than there is room for, each with a register and an offset of its own. */
  @Test
  void tellsTheRightOfAnyInstruction() {
    Random random = new Random(1);
    for (int i = 0; i < LOADS; i++) {
      int register = 1 + random.nextInt(31);
      int offset = random.nextInt(1 << 12);
      Effects load = table.of(offset << 20 | 2 << 15 | 3 << 12 | register << 7 | 0x03);
      assertEquals(register, load.destination());
      assertEquals(100 + (offset << 20 >> 20), load.address(100));
    }
  }
}
