package dev.isomorph.conformance.witness;

import dev.isomorph.decoder.Registers;

/** Writes down a disagreement for people. */
final class Reproducer {
  private Reproducer() {}

  /**
   * All that is needed to look into a disagreement.
   *
   * @param found null if the witness did not come to an end
   */
  static String text(
      Scenario scenario, Witness witness, Observation expected, Observation found, String how) {
    return """

    golden model and %s disagree:
    %sprogram:
    %s%s%s%s%s\
    """
        .formatted(
            witness.name(),
            how.indent(2),
            scenario.assembly(),
            initialState(scenario),
            finalState("golden model", scenario, expected),
            found == null ? "" : finalState(witness.name(), scenario, found),
            code(witness, scenario));
  }

  private static String initialState(Scenario scenario) {
    StringBuilder text = new StringBuilder("initial state (the rest is zero):\n");
    long[] none = new long[32];
    registers(text, none, scenario.x(), none, scenario.f());
    line(text, "fcsr", 0, scenario.fcsr());
    line(text, "contents of data pages", 0, scenario.contents());
    return text.toString();
  }

  /** Why and where it ended, and what is not as it was at the start. */
  private static String finalState(String name, Scenario scenario, Observation end) {
    StringBuilder text = new StringBuilder("final state of ").append(name).append(":\n");
    text.append("  ").append(end.ending()).append('\n');
    line(text, "pc", 0, end.pc());
    registers(text, scenario.x(), end.x(), scenario.f(), end.f());
    line(text, "fcsr", scenario.fcsr(), end.fcsr());
    memory(text, DataPages.filling(scenario.contents()), end.data());
    return text.toString();
  }

  private static void registers(StringBuilder text, long[] x, long[] newX, long[] f, long[] newF) {
    for (int i = 1; i < 32; i++) {
      line(text, "x" + i + "/" + Registers.integerName(i), x[i], newX[i]);
    }
    for (int i = 0; i < 32; i++) {
      line(text, "f" + i + "/" + Registers.floatName(i), f[i], newF[i]);
    }
  }

  private static void line(StringBuilder text, String name, long before, long after) {
    if (before != after) {
      text.append(String.format("  %s = 0x%x%n", name, after));
    }
  }

  private static void memory(StringBuilder text, byte[] before, byte[] after) {
    for (int at = 0; at < after.length; at++) {
      if (before[at] != after[at]) {
        text.append(String.format("  byte at 0x%x = 0x%02x%n", DataPages.addressOf(at), after[at]));
      }
    }
  }

  private static String code(Witness witness, Scenario scenario) {
    String listing = witness.listing(scenario);
    return listing.isEmpty() ? "" : "run as:\n" + listing;
  }
}
