package dev.isomorph.tools.suite;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the tests of a suite ended, or those of a shard.
 *
 * @param suites names of the suites' folders
 * @param started when the first test began
 * @param witnesses all that were asked
 * @param results sorted by suite and name
 */
record SuiteReport(
    Set<String> suites, Instant started, Set<Witness> witnesses, List<TestResult> results) {

  /** How many tests ended how. */
  record Tally(int pass, int fail, int skip, double seconds) {
    static final Tally ZERO = new Tally(0, 0, 0, 0);

    Tally plus(Outcome outcome, double seconds) {
      return new Tally(
          pass + (outcome == Outcome.PASS ? 1 : 0),
          fail + (outcome == Outcome.FAIL ? 1 : 0),
          skip + (outcome == Outcome.SKIP ? 1 : 0),
          this.seconds + seconds);
    }

    int of(Outcome outcome) {
      return switch (outcome) {
        case PASS -> pass;
        case FAIL -> fail;
        case SKIP -> skip;
      };
    }
  }

  Tally tally() {
    return tally(results);
  }

  static Tally tally(List<TestResult> results) {
    Tally tally = Tally.ZERO;
    for (TestResult each : results) {
      tally = tally.plus(each.outcome(), each.seconds());
    }
    return tally;
  }

  /** How the tests ended under one witness. */
  Tally tally(Witness witness) {
    Tally tally = Tally.ZERO;
    for (TestResult each : results) {
      Verdict verdict = each.verdicts().get(witness);
      if (verdict != null) {
        tally = tally.plus(verdict.outcome(), verdict.seconds());
      }
    }
    return tally;
  }

  /** The results of each extension, in the order of their names. */
  Map<String, List<TestResult>> byExtension() {
    Map<String, List<TestResult>> groups = new TreeMap<>();
    for (TestResult each : results) {
      groups.computeIfAbsent(each.extension(), _ -> new ArrayList<>()).add(each);
    }
    return groups;
  }

  /** What to call it. */
  String title() {
    return String.join(", ", suites);
  }

  /** Whether no test failed. */
  boolean isGood() {
    return tally().fail() == 0;
  }

  /** Why tests were skipped, and how many of them. */
  Map<String, Integer> skipReasons() {
    Map<String, Integer> reasons = new TreeMap<>();
    for (TestResult result : results) {
      result.verdicts().values().stream()
          .filter(verdict -> verdict.outcome() == Outcome.SKIP)
          .map(Verdict::reason)
          .distinct()
          .forEach(reason -> reasons.merge(reason, 1, Integer::sum));
    }
    return reasons;
  }

  /** One report of all; a test that several have counts once. */
  static SuiteReport merge(List<SuiteReport> reports) {
    Set<String> suites = new TreeSet<>();
    Set<Witness> witnesses = EnumSet.noneOf(Witness.class);
    Map<TestResult, TestResult> results = new TreeMap<>(TestResult.ORDER);
    Instant started = Instant.MAX;
    for (SuiteReport report : reports) {
      suites.addAll(report.suites);
      witnesses.addAll(report.witnesses);
      started = report.started.isBefore(started) ? report.started : started;
      for (TestResult each : report.results) {
        results.merge(each, each, TestResult::with);
      }
    }
    return new SuiteReport(suites, started, witnesses, List.copyOf(results.values()));
  }
}
