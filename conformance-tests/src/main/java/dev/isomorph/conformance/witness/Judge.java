package dev.isomorph.conformance.witness;

import java.util.Arrays;
import java.util.List;

/** Has scenarios run by the golden model and by other witnesses, and compares. */
public final class Judge {
  /** Told of every scenario on which all agreed. */
  @FunctionalInterface
  public interface Listener {
    /**
     * All agreed.
     *
     * @param lastStarted whether the last instruction of the program was come to
     */
    void agreed(Scenario scenario, Observation result, boolean lastStarted);
  }

  private static final Listener NOBODY = (scenario, result, lastStarted) -> {};

  private final GoldenWitness golden = new GoldenWitness();
  private final List<Witness> witnesses;

  public Judge(Witness... witnesses) {
    this.witnesses = List.of(witnesses);
  }

  /** A disagreement; {@code found} is null if the witness failed. */
  private record Verdict(Witness witness, Observation expected, Observation found, String how) {}

  /** Runs a scenario as a battery of one. */
  public String disagreement(Scenario scenario) {
    return disagreement(new Battery(List.of(scenario)), NOBODY);
  }

  /**
   * Runs the cases of a battery; those that do not end are left out.
   *
   * @return how a witness disagrees with the golden model on a case, made as short and simple as it
   *     can be; empty if none does
   */
  public String disagreement(Battery battery, Listener listener) {
    load(battery.cases().getFirst());
    for (Scenario scenario : battery.cases()) {
      Verdict verdict = verdict(scenario, listener);
      if (verdict != null) {
        return reportSimplest(battery, scenario, verdict);
      }
    }
    return "";
  }

  private void load(Scenario scenario) {
    golden.load(scenario);
    witnesses.forEach(witness -> witness.load(scenario));
  }

  /** Runs a scenario whose program is loaded; null if nobody disagrees. */
  private Verdict verdict(Scenario scenario, Listener listener) {
    long last = scenario.lastPc();
    boolean[] lastStarted = new boolean[1];
    Observation expected = golden.run(scenario, pc -> lastStarted[0] |= pc == last);
    if (expected == null) {
      return null;
    }
    for (Witness witness : witnesses) {
      Verdict verdict = verdict(witness, scenario, expected);
      if (verdict != null) {
        return verdict;
      }
    }
    listener.agreed(scenario, expected, lastStarted[0]);
    return null;
  }

  private static Verdict verdict(Witness witness, Scenario scenario, Observation expected) {
    try {
      Observation found = witness.run(scenario);
      String differences = expected.differences(found);
      return differences.isEmpty() ? null : new Verdict(witness, expected, found, differences);
    } catch (RuntimeException e) {
      String how = e + " at " + Arrays.stream(e.getStackTrace()).limit(12).toList();
      return new Verdict(witness, expected, null, how);
    }
  }

  private String report(Scenario scenario, Verdict verdict) {
    return Reproducer.text(scenario, verdict.witness, verdict.expected, verdict.found, verdict.how);
  }

  private String reportSimplest(Battery battery, Scenario scenario, Verdict verdict) {
    Scenario simplest = simplest(scenario);
    load(simplest);
    Verdict alone = verdict(simplest, NOBODY);
    if (alone != null) {
      return report(simplest, alone);
    }
    return "\nonly after the %d other states of the program that were run before this one:\n%s"
        .formatted(battery.cases().indexOf(scenario), report(scenario, verdict));
  }

  /**
   * The simplest scenario found by going on to a simpler one that is disagreed on, while any is.
   */
  private Scenario simplest(Scenario start) {
    Scenario simplest = start;
    while (true) {
      Scenario simpler = simplest.simpler().filter(this::isDisagreedOn).findFirst().orElse(null);
      if (simpler == null) {
        return simplest;
      }
      simplest = simpler;
    }
  }

  private boolean isDisagreedOn(Scenario scenario) {
    load(scenario);
    return verdict(scenario, NOBODY) != null;
  }
}
