package dev.isomorph.tools.suite;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Gives every kind of test to the runner of its machine. */
final class Runners implements Runner {
  private final List<Witness> witnesses;
  private final ProcessRunner processes;

  Runners(List<Witness> witnesses, ProcessRunner processes) {
    this.witnesses = witnesses;
    this.processes = processes;
  }

  @Override
  public Map<Witness, Verdict> run(TestCase test) throws InterruptedException {
    return switch (test.kind()) {
      case TestKind.Program program -> processes.run(test, program.contract(), null);
      case TestKind.Signature signature -> processes.run(test, signature.contract(), signature);
      case TestKind.BareMetal _ ->
          forAll(Verdict.skip("bare metal (tohost): machine mode does not exist yet"));
      case TestKind.Foreign foreign -> forAll(Verdict.skip("for " + foreign.machine()));
      case TestKind.Broken broken -> forAll(Verdict.fail(broken.problem()));
    };
  }

  private Map<Witness, Verdict> forAll(Verdict verdict) {
    Map<Witness, Verdict> verdicts = new EnumMap<>(Witness.class);
    for (Witness each : witnesses) {
      verdicts.put(each, verdict);
    }
    return verdicts;
  }
}
