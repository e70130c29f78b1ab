package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.ir.IrBlock;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** The block tier's optimiser without one of its passes. */
class OptimizerPassesTest {
  private static void assertBecomes(Pass absent, String before, String after) {
    Optimizer optimizer = new Optimizer(EnumSet.complementOf(EnumSet.of(absent)));
    IrBlock optimised = optimizer.optimise(IrText.parse(before));
    assertEquals(IrText.parse(after).toString(), optimised.toString());
  }

  @Test
  void withoutDeadCodeWhatIsOverwrittenStays() {
    String twice = "a = x10\nx11 = ADD a, 1\nx11 = XOR a, x12";
    assertBecomes(Pass.DEAD_CODE, twice, twice);
    assertBecomes(Pass.RULES, twice, "x11 = XOR x10, x12");
  }

  @Test
  void withoutRulesIdentitiesStay() {
    // Not the first value, so that no other is taken for it.
    String identity = "a = x10\nx12 = XOR a, x5\nx11 = ADD a, 0";
    assertBecomes(Pass.RULES, identity, identity);
    assertBecomes(Pass.CONSTANTS, identity, "a = x10\nx12 = XOR a, x5\nx11 = a");
  }

  @Test
  void theForwardPassesResultCanBeLookedAt() {
    String twice = "a = x10\nx11 = ADD a, 1\nx11 = XOR a, x12";
    Optimizer optimizer = new Optimizer();
    optimizer.optimise(IrText.parse(twice));
    assertEquals(IrText.parse(twice).toString(), optimizer.simplified().toString());
  }
}
