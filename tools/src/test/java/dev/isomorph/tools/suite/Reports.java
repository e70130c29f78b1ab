package dev.isomorph.tools.suite;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reports made up for tests. */
final class Reports {
  static final Instant STARTED = Instant.parse("2026-01-02T03:04:05Z");

  private Reports() {}

  static TestResult result(String name, Map<Witness, Verdict> verdicts) {
    TestName parts = TestName.of("top", name);
    return new TestResult("top", name, parts.extension(), parts.subject(), new EnumMap<>(verdicts));
  }

  static SuiteReport report(TestResult... results) {
    Set<Witness> witnesses = EnumSet.noneOf(Witness.class);
    for (TestResult each : results) {
      witnesses.addAll(each.verdicts().keySet());
    }
    List<TestResult> sorted = new ArrayList<>(List.of(results));
    sorted.sort(TestResult.ORDER);
    return new SuiteReport(Set.of("top"), STARTED, witnesses, sorted);
  }

  static Verdict failure(String reason) {
    return new Verdict(Outcome.FAIL, 0.25, reason, "run <me> & see", "line\u0001 one\nline two");
  }

  /** A pass, two failures, and skips, under two witnesses. */
  static SuiteReport mixed() {
    return report(
        result(
            "rv64ui-p-add",
            Map.of(Witness.CODE, Verdict.pass(1.5), Witness.EVALUATOR, Verdict.pass(2))),
        result(
            "rv64ui-v-add",
            Map.of(Witness.CODE, failure("a < b"), Witness.EVALUATOR, Verdict.pass(0.25))),
        result(
            "rv64um-mul",
            Map.of(Witness.CODE, Verdict.pass(1), Witness.EVALUATOR, failure("\"quoted\""))),
        result(
            "other/x",
            Map.of(Witness.CODE, Verdict.skip("why"), Witness.EVALUATOR, Verdict.skip("why"))));
  }
}
