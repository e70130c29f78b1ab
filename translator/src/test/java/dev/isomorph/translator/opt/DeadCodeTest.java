package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.ir.IrBlock;
import org.junit.jupiter.api.Test;

/** Dead code by itself, on blocks that the simplifier would not leave as they are. */
class DeadCodeTest {
  private static void check(String before, String after) {
    IrBlock result = new IrBlock();
    new DeadCode().run(IrText.parse(before), result);
    assertEquals(IrText.parse(after).toString(), result.toString());
  }

  @Test
  void keepsAWriteThatIsReadBeforeTheNext() {
    String block = "x10 = 1\nx11 = x10\nx10 = 2";
    check(block, block);
  }

  @Test
  void dropsAWriteWhoseReadIsDead() {
    check("x10 = 1\nx11 = x10\nx10 = 2\nx11 = 3", "x10 = 2\nx11 = 3");
  }

  @Test
  void dropsChains() {
    check("a = ADD x10, x11\nb = MUL a, a\nc = CLZ b\nx12 = 1", "x12 = 1");
  }
}
