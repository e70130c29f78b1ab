package dev.isomorph.tools.suite;

import dev.isomorph.tools.Json;
import dev.isomorph.tools.JsonReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reports as JSON: what shards write and {@code merge} reads. */
final class ReportJson {
  private static final String FORMAT = "isomorph-suite-1";

  private ReportJson() {}

  static String write(SuiteReport report) {
    Map<String, Object> top = new LinkedHashMap<>();
    top.put("format", FORMAT);
    top.put("suites", List.copyOf(report.suites()));
    top.put("started", report.started().toString());
    top.put("witnesses", report.witnesses().stream().map(Witness::label).toList());
    SuiteReport.Tally tally = report.tally();
    for (Outcome each : Outcome.values()) {
      top.put(each.label(), tally.of(each));
    }
    top.put("tests", report.results().stream().map(ReportJson::test).toList());
    return Json.write(top);
  }

  private static Map<String, Object> test(TestResult result) {
    Map<String, Object> test = new LinkedHashMap<>();
    test.put("suite", result.suite());
    test.put("name", result.name());
    test.put("extension", result.extension());
    test.put("subject", result.subject());
    Map<String, Object> verdicts = new LinkedHashMap<>();
    result
        .verdicts()
        .forEach((witness, verdict) -> verdicts.put(witness.label(), verdict(verdict)));
    test.put("verdicts", verdicts);
    return test;
  }

  private static Map<String, Object> verdict(Verdict verdict) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("outcome", verdict.outcome().label());
    map.put("seconds", Math.round(verdict.seconds() * 1000) / 1000.0);
    putUnlessEmpty(map, "reason", verdict.reason());
    putUnlessEmpty(map, "command", verdict.command());
    putUnlessEmpty(map, "errors", verdict.errors());
    return map;
  }

  private static void putUnlessEmpty(Map<String, Object> map, String name, String text) {
    if (!text.isEmpty()) {
      map.put(name, text);
    }
  }

  /**
   * Reads a report.
   *
   * @throws IOException if the text is none
   */
  static SuiteReport read(String text) throws IOException {
    Members top = new Members(JsonReader.read(text));
    if (!FORMAT.equals(top.map.get("format"))) {
      throw new IOException("no report of a suite: its format is not " + FORMAT);
    }
    Set<String> suites = new TreeSet<>();
    for (Object each : top.list("suites")) {
      suites.add(String.valueOf(each));
    }
    Set<Witness> witnesses = EnumSet.noneOf(Witness.class);
    for (Object each : top.list("witnesses")) {
      witnesses.add(witness(String.valueOf(each)));
    }
    List<TestResult> results = new ArrayList<>();
    for (Object each : top.list("tests")) {
      results.add(result(new Members(each)));
    }
    results.sort(TestResult.ORDER);
    try {
      return new SuiteReport(suites, Instant.parse(top.text("started")), witnesses, results);
    } catch (DateTimeException e) {
      throw new IOException("started: " + e.getMessage(), e);
    }
  }

  private static TestResult result(Members test) throws IOException {
    Map<Witness, Verdict> verdicts = new EnumMap<>(Witness.class);
    for (Map.Entry<?, ?> each : test.members("verdicts").map.entrySet()) {
      verdicts.put(witness(each.getKey().toString()), verdict(new Members(each.getValue())));
    }
    return new TestResult(
        test.text("suite"),
        test.text("name"),
        test.text("extension"),
        test.text("subject"),
        verdicts);
  }

  private static Verdict verdict(Members verdict) throws IOException {
    String label = verdict.text("outcome");
    for (Outcome each : Outcome.values()) {
      if (each.label().equals(label)) {
        return new Verdict(
            each,
            verdict.map.get("seconds") instanceof Double seconds ? seconds : 0,
            verdict.textOrEmpty("reason"),
            verdict.textOrEmpty("command"),
            verdict.textOrEmpty("errors"));
      }
    }
    throw new IOException("unknown outcome " + label);
  }

  private static Witness witness(String label) throws IOException {
    Witness witness = Witness.of(label);
    if (witness == null) {
      throw new IOException("unknown witness " + label);
    }
    return witness;
  }

  /** An object's members with the types that they must have. */
  private static final class Members {
    private final Map<?, ?> map;

    Members(Object value) throws IOException {
      if (!(value instanceof Map<?, ?> members)) {
        throw new IOException("not an object: " + value);
      }
      map = members;
    }

    Members members(String name) throws IOException {
      return new Members(map.get(name));
    }

    List<?> list(String name) throws IOException {
      if (map.get(name) instanceof List<?> list) {
        return list;
      }
      throw new IOException(name + " is no list");
    }

    String text(String name) throws IOException {
      if (map.get(name) instanceof String text) {
        return text;
      }
      throw new IOException(name + " is no text");
    }

    String textOrEmpty(String name) {
      return map.get(name) instanceof String text ? text : "";
    }
  }
}
