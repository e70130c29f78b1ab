package dev.isomorph.tools.suite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a test ended.
 *
 * @param suite the name of the suite's folder
 * @param name as in {@link TestCase}, and so are extension and subject
 * @param verdicts of the witnesses that were asked
 */
record TestResult(
    String suite, String name, String extension, String subject, Map<Witness, Verdict> verdicts) {

  static final Comparator<TestResult> ORDER =
      Comparator.comparing(TestResult::suite).thenComparing(TestResult::name);

  /** The worst of the verdicts. */
  Outcome outcome() {
    Outcome worst = Outcome.SKIP;
    for (Verdict each : verdicts.values()) {
      worst = worst.worse(each.outcome());
    }
    return worst;
  }

  /** The verdicts of failure with the witnesses that gave them; those of one reason are one. */
  Map<Verdict, List<Witness>> failures() {
    Map<String, Verdict> firsts = new LinkedHashMap<>();
    Map<Verdict, List<Witness>> failures = new LinkedHashMap<>();
    verdicts.forEach(
        (witness, verdict) -> {
          if (verdict.outcome() == Outcome.FAIL) {
            Verdict first = firsts.computeIfAbsent(verdict.reason(), _ -> verdict);
            failures.computeIfAbsent(first, _ -> new ArrayList<>()).add(witness);
          }
        });
    return failures;
  }

  double seconds() {
    return verdicts.values().stream().mapToDouble(Verdict::seconds).sum();
  }

  /** Both results of one test in one: where a witness has two verdicts, the worse one. */
  TestResult with(TestResult other) {
    Map<Witness, Verdict> both = new EnumMap<>(verdicts);
    other.verdicts.forEach(
        (witness, verdict) ->
            both.merge(witness, verdict, (a, b) -> b.outcome().compareTo(a.outcome()) > 0 ? b : a));
    return new TestResult(suite, name, extension, subject, both);
  }
}
