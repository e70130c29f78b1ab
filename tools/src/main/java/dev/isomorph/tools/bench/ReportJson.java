package dev.isomorph.tools.bench;

import dev.isomorph.tools.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results for programs: docs/benchmarks.md tells what the members mean. */
final class ReportJson {
  private ReportJson() {}

  static String write(
      List<Result> results,
      int runs,
      double scale,
      Clock clock,
      boolean kept,
      List<Machine> machines) {
    Map<String, Object> top = new LinkedHashMap<>();
    top.put("runs", runs);
    top.put("scale", scale);
    top.put("clock", clock.text());
    top.put("translationsKept", kept);
    top.put("machines", machines.stream().map(Machine::name).toList());
    List<Object> rows = new ArrayList<>();
    for (Result each : results) {
      rows.add(row(each));
    }
    top.put("programs", rows);
    Map<String, Object> means = new LinkedHashMap<>();
    Result.groups(results)
        .forEach(
            (name, members) -> {
              Map<String, Object> mean = new LinkedHashMap<>();
              for (Ratios ratio : Ratios.values()) {
                mean.put(ratio.key, ratio.mean(members));
              }
              mean.put("hostPerGuest", Result.geometricMean(members, Result::hostPerGuest));
              means.put(name, mean);
            });
    top.put("geometricMeans", means);
    top.put("slowerThanQemu", Report.slowerThanQemu(results));
    top.put("slowerThanThreeTimesNative", Report.slowerThanNative(results));
    return Json.write(top);
  }

  private static Map<String, Object> row(Result result) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", result.benchmark().name());
    row.put("group", result.benchmark().group());
    row.put("rounds", result.benchmark().rounds());
    row.put("equal", result.problem().isEmpty());
    if (!result.problem().isEmpty()) {
      row.put("problem", result.problem());
    }
    Map<String, Object> machines = new LinkedHashMap<>();
    result
        .measures()
        .forEach(
            (machine, measure) -> {
              Map<String, Object> values = new LinkedHashMap<>();
              values.put("seconds", measure.seconds());
              values.put("warmSeconds", measure.warm());
              values.put("peakKib", measure.peakKib() == 0 ? null : measure.peakKib());
              machines.put(machine.name(), values);
            });
    row.put("machines", machines);
    for (Ratios ratio : Ratios.values()) {
      row.put(ratio.key, ratio.of(result));
    }
    row.put("hostPerGuest", result.hostPerGuest());
    return row;
  }
}
