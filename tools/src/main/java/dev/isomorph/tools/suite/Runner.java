package dev.isomorph.tools.suite;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs tests of one kind.
 *
 * @param <K> the kind
 */
interface Runner<K extends TestKind> {
  /**
   * Runs a test under all witnesses there are.
   *
   * @param kind that of the test
   * @throws InterruptedException when the suite is to end
   */
  Map<Witness, Verdict> run(TestCase test, K kind) throws InterruptedException;

  /** A runner that runs nothing, for it knows the verdict. */
  static <K extends TestKind> Runner<K> of(List<Witness> witnesses, Function<K, Verdict> verdict) {
    return (_, kind) -> {
      Map<Witness, Verdict> verdicts = new EnumMap<>(Witness.class);
      for (Witness each : witnesses) {
        verdicts.put(each, verdict.apply(kind));
      }
      return verdicts;
    };
  }
}
