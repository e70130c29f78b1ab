package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChoiceTest {
  private final IrBlock block = new IrBlock();
  private int value;

  private int compare(int of, long with) {
    return block.emit(IrOp.EXIT_EQ, of, block.constant(with), 0);
  }

  private void begin() {
    block.clear();
    block.beginInstruction(0x1000, 0, 4);
    value = block.emit(IrOp.GET, IrBlock.NONE, 1);
  }

  @Test
  void aRunIsFoundFromEachOfItsParts() {
    begin();
    int other = block.emit(IrOp.GET, IrBlock.NONE, 2);
    compare(other, 0x1000);
    int[] run = {
      compare(value, 0x1000), compare(value, 0x1010), compare(value, 0x1024), compare(value, 0x1066)
    };
    compare(other, 0x1000);
    for (int exit : run) {
      assertArrayEquals(run, Choice.around(block, exit).exits());
    }
    assertNull(Choice.around(block, other));
    assertNull(Choice.around(block, block.size() - 1));
  }

  @Test
  void aShortRunIsNone() {
    begin();
    compare(value, 0x1000);
    compare(value, 0x1010);
    assertNull(Choice.around(block, compare(value, 0x1020)));
  }

  @Test
  void whatCannotBeToldApartIsNone() {
    begin();
    for (int i = 0; i < 4; i++) {
      compare(value, (long) i << 40);
    }
    assertNull(Choice.around(block, block.size() - 1));
  }

  @Test
  void eachConstantHasItsOwnEntry() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      begin();
      int count = Choice.LEAST + random.nextInt(20);
      for (long pc = 0x10000, i = 0; i < count; i++) {
        pc += 2 + 2 * random.nextInt(40);
        compare(value, pc);
      }
      Choice choice = Choice.around(block, block.size() - 1);
      assertNotNull(choice, "seed " + seed);
      int found = 0;
      int[] exits = choice.byEntry(block);
      for (int entry = 0; entry < exits.length; entry++) {
        if (exits[entry] >= 0) {
          found++;
          long pc = block.imm(block.b(exits[entry]));
          assertEquals(entry, pc >>> choice.shift() & choice.entries() - 1);
        }
      }
      assertEquals(count, found);
    }
  }
}
