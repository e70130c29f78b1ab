package dev.isomorph.tools.diff;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ForeignMemoryTest {
  private final ForeignMemory memory = new ForeignMemory();

  @Test
  void memoryIsTheProgramsUnlessSaidOtherwise() {
    assertFalse(memory.touches(0x1000, 8));
    memory.add(0x1004, 1);
    assertTrue(memory.touches(0x1000, 8));
    assertFalse(memory.touches(0x1000, 4));
    assertFalse(memory.touches(0x1005, 8));
  }

  @Test
  void storesMakeItTheProgramsAgain() {
    memory.add(0x1ff0, 0x20);
    memory.remove(0x1ffc, 8);
    assertTrue(memory.touches(0x1ffb, 1));
    assertFalse(memory.touches(0x1ffc, 8));
    assertTrue(memory.touches(0x1ffc, 9));
    assertFalse(memory.touches(0x2010, 8));
  }

  @Test
  void rangesMayCrossPages() {
    memory.add(0x2000, 1);
    assertFalse(memory.touches(0x5000, 1));
    assertTrue(memory.touches(0x1ffc, 8));
    assertFalse(memory.touches(0x1ff0, 8));
  }
}
