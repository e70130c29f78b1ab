package dev.isomorph.conformance.witness;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Opcode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Has scenarios run by the golden model and by other witnesses, and compares. */
public final class Judge {
  private final GoldenWitness golden = new GoldenWitness();
  private final List<Witness> witnesses;
  private final Map<Opcode, Integer> judged = new EnumMap<>(Opcode.class);

  public Judge(Witness... witnesses) {
    this.witnesses = List.of(witnesses);
  }

  /** How often each row of the instruction table has been run by all witnesses. */
  public Map<Opcode, Integer> judged() {
    return judged;
  }

  /**
   * Runs a scenario; one that does not end is left out.
   *
   * @return how a witness disagrees with the golden model, with all that is needed to look into it;
   *     empty if none does
   */
  public String disagreement(Scenario scenario) {
    List<Long> pcs = new ArrayList<>();
    Observation expected = golden.observe(scenario, pcs::add);
    if (expected == null) {
      return "";
    }
    for (Witness witness : witnesses) {
      String differences = differences(witness, scenario, expected);
      if (!differences.isEmpty()) {
        return Reproducer.text(scenario, witness, expected, differences);
      }
    }
    count(scenario, pcs);
    return "";
  }

  private static String differences(Witness witness, Scenario scenario, Observation expected) {
    try {
      return expected.differences(witness.observe(scenario));
    } catch (RuntimeException e) {
      return e + " at " + Arrays.stream(e.getStackTrace()).limit(12).toList();
    }
  }

  private void count(Scenario scenario, List<Long> pcs) {
    for (long pc : pcs) {
      scenario
          .encodingAt(pc)
          .ifPresent(bits -> judged.merge(Decoder.decode(bits).encodedAs(), 1, Integer::sum));
    }
  }
}
