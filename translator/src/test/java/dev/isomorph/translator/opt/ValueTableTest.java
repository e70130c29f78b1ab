package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import org.junit.jupiter.api.Test;

/** Operations are found by what they compute. */
class ValueTableTest {
  private final IrBlock code = new IrBlock();
  private final ValueTable table = new ValueTable(code);

  @Test
  void allThatIsNotedIsFoundThoughTheTableGrows() {
    int count = 3000;
    for (int i = 0; i < count; i++) {
      assertEquals(NONE, table.find(IrOp.CONST, NONE, NONE, NONE, i * 0x1_0000_0001L));
      table.note(code.constant(i * 0x1_0000_0001L));
    }
    for (int i = 0; i < count; i++) {
      assertEquals(i, table.find(IrOp.CONST, NONE, NONE, NONE, i * 0x1_0000_0001L));
    }
  }

  @Test
  void operandsAndOperationCount() {
    int one = code.constant(1);
    int two = code.constant(2);
    int sum = code.emit(IrOp.ADD, one, two);
    table.note(sum);
    assertEquals(sum, table.find(IrOp.ADD, one, two, NONE, 0));
    assertEquals(NONE, table.find(IrOp.SUB, one, two, NONE, 0));
    assertEquals(NONE, table.find(IrOp.ADD, two, one, NONE, 0));
    assertEquals(NONE, table.find(IrOp.ADD, one, one, NONE, 0));
    assertEquals(NONE, table.find(IrOp.ADD, one, two, one, 0));
    assertEquals(NONE, table.find(IrOp.ADD, one, two, NONE, 3));
  }

  @Test
  void ofEqualOnesTheLastCounts() {
    table.note(code.constant(7));
    int last = code.constant(7);
    table.note(last);
    assertEquals(last, table.find(IrOp.CONST, NONE, NONE, NONE, 7));
  }
}
