package dev.isomorph.conformance.witness;

import dev.isomorph.decoder.Registers;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.LiftMode;

/** Writes down a disagreement for people. */
final class Reproducer {
  private Reproducer() {}

  static String text(Scenario scenario, Witness witness, Observation expected, String differences) {
    return """

    golden model and %s disagree:
    %s
    program:
    %s%sgolden model: %s at pc 0x%x, fcsr 0x%x
    lifted:
    %s\
    """
        .formatted(
            witness.name(),
            differences.indent(2),
            scenario.assembly(),
            initialState(scenario),
            expected.ending(),
            expected.pc(),
            expected.fcsr(),
            lifted(scenario));
  }

  private static String initialState(Scenario scenario) {
    StringBuilder text = new StringBuilder("initial state:\n");
    for (int i = 1; i < 32; i++) {
      register(text, "x" + i + "/" + Registers.integerName(i), scenario.x()[i]);
    }
    for (int i = 0; i < 32; i++) {
      register(text, "f" + i + "/" + Registers.floatName(i), scenario.f()[i]);
    }
    register(text, "fcsr", scenario.fcsr());
    register(text, "contents of data pages", scenario.contents());
    return text.append("(the rest is zero)\n").toString();
  }

  private static void register(StringBuilder text, String name, long value) {
    if (value != 0) {
      text.append(String.format("  %s = 0x%x%n", name, value));
    }
  }

  private static String lifted(Scenario scenario) {
    byte[] code = scenario.bytes();
    IrBlock block = new IrBlock();
    new BlockLifter()
        .lift(
            pc -> {
              int at = (int) (pc - scenario.pc());
              return at < 0 || at >= code.length
                  ? -1
                  : code[at] & 0xff | (code[at + 1] & 0xff) << 8;
            },
            scenario.pc(),
            LiftMode.TRANSLATE,
            block);
    return block.toString();
  }
}
