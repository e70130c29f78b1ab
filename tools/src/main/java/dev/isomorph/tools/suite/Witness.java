package dev.isomorph.tools.suite;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Who runs a test; all must come to the same end. */
enum Witness {
  CODE("emitted code, optimised", "translated"),
  TIERS("the evaluator the first time, emitted code from then on", "tiered"),
  REGIONS("emitted code, all of it as regions", "regions"),
  NO_OPTIMIZER("emitted code without the optimiser", "unoptimised"),
  EVALUATOR("the evaluator of the IR", "evaluated"),
  QEMU("qemu-riscv64", null);

  private final String text;
  private final String execution;

  /**
   * @param execution what {@code run --execute} calls it, null if it is not Isomorph
   */
  Witness(String text, String execution) {
    this.text = text;
    this.execution = execution;
  }

  /** As the command line and reports have it. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Several of them. */
  static String labels(Collection<Witness> witnesses) {
    return witnesses.stream().map(Witness::label).collect(Collectors.joining(", "));
  }

  /** What it is, for people. */
  String text() {
    return text;
  }

  String execution() {
    return execution;
  }

  /** The witness of that label, or null. */
  static Witness of(String label) {
    for (Witness each : values()) {
      if (each.label().equals(label)) {
        return each;
      }
    }
    return null;
  }
}
