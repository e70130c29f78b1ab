package dev.isomorph.tools.bench;

import dev.isomorph.tools.Json;
import dev.isomorph.tools.Qemu;
import dev.isomorph.tools.bench.Result.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Results as a table for people or as JSON for programs. */
final class Report {
  private static final String ALL = "all";
  private static final String ROW = "%-16s %9s %9s %9s %16s %14s%n";

  /** A ratio that the report shows: how many times as long {@code slow} takes as {@code fast}. */
  private record Ratio(String key, Machine slow, Machine fast) {}

  private static final List<Ratio> RATIOS =
      List.of(
          new Ratio("isomorphToNative", Machine.ISOMORPH, Machine.NATIVE),
          new Ratio("qemuToIsomorph", Machine.QEMU, Machine.ISOMORPH));

  private final List<Result> results;
  private final int runs;
  private final Qemu qemu;

  /**
   * @param qemu null when there was none
   */
  Report(List<Result> results, int runs, Qemu qemu) {
    this.results = results;
    this.runs = runs;
    this.qemu = qemu;
  }

  static String header() {
    return String.format(
        Locale.ROOT,
        ROW,
        "program",
        "native",
        "isomorph",
        "qemu",
        "isomorph/native",
        "qemu/isomorph");
  }

  static String row(Result result) {
    if (!result.problem().isEmpty()) {
      return String.format(Locale.ROOT, "%-16s %s%n", result.benchmark().name(), result.problem());
    }
    return String.format(
        Locale.ROOT,
        ROW,
        result.benchmark().name(),
        seconds(result.seconds().get(Machine.NATIVE)),
        seconds(result.seconds().get(Machine.ISOMORPH)),
        seconds(result.seconds().get(Machine.QEMU)),
        ratio(result.ratio(RATIOS.get(0).slow, RATIOS.get(0).fast)),
        ratio(result.ratio(RATIOS.get(1).slow, RATIOS.get(1).fast)));
  }

  /** The geometric means, of each group and of all. */
  String means() {
    StringBuilder out = new StringBuilder();
    groups()
        .forEach(
            (name, members) ->
                out.append(
                    String.format(
                        Locale.ROOT,
                        ROW,
                        "mean " + name,
                        "",
                        "",
                        "",
                        ratio(
                            Result.geometricMean(members, RATIOS.get(0).slow, RATIOS.get(0).fast)),
                        ratio(
                            Result.geometricMean(
                                members, RATIOS.get(1).slow, RATIOS.get(1).fast)))));
    return out.toString();
  }

  String json() {
    Map<String, Object> top = new LinkedHashMap<>();
    top.put("runs", runs);
    top.put("qemu", qemu == null ? null : qemu.version());
    List<Object> rows = new ArrayList<>();
    for (Result each : results) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", each.benchmark().name());
      row.put("group", each.benchmark().group());
      row.put("equal", each.problem().isEmpty());
      if (!each.problem().isEmpty()) {
        row.put("problem", each.problem());
      }
      for (Machine machine : Machine.values()) {
        row.put(machine.name().toLowerCase(Locale.ROOT), each.seconds().get(machine));
      }
      for (Ratio ratio : RATIOS) {
        row.put(ratio.key, each.ratio(ratio.slow, ratio.fast));
      }
      rows.add(row);
    }
    top.put("programs", rows);
    Map<String, Object> means = new LinkedHashMap<>();
    groups()
        .forEach(
            (name, members) -> {
              Map<String, Object> mean = new LinkedHashMap<>();
              for (Ratio ratio : RATIOS) {
                mean.put(ratio.key, Result.geometricMean(members, ratio.slow, ratio.fast));
              }
              means.put(name, mean);
            });
    top.put("geometricMeans", means);
    return Json.write(top);
  }

  private Map<String, List<Result>> groups() {
    Map<String, List<Result>> groups = new TreeMap<>();
    for (Result each : results) {
      groups.computeIfAbsent(each.benchmark().group(), _ -> new ArrayList<>()).add(each);
    }
    Map<String, List<Result>> ordered = new LinkedHashMap<>();
    if (groups.size() > 1) {
      ordered.putAll(groups);
    }
    ordered.put(ALL, results);
    return ordered;
  }

  private static String seconds(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.3f s", value);
  }

  private static String ratio(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
