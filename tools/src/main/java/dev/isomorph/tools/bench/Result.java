package dev.isomorph.tools.bench;

import dev.isomorph.tools.bench.Machine.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What is known of one program.
 *
 * @param measures for each machine it ran on
 * @param hostPerGuest host instructions executed by Isomorph's translations for each guest
 *     instruction; NaN if they were not counted
 * @param problem what went wrong, empty when all outputs were equal
 */
record Result(
    Benchmark benchmark, Map<Machine, Measure> measures, double hostPerGuest, String problem) {
  /** Which part of a run counts. */
  enum Phase {
    /** All of it: start-up, translation, everything. */
    COLD,
    /** The later half of the rounds. */
    WARM
  }

  /**
   * Medians of the runs on a machine.
   *
   * @param seconds for all of it
   * @param warm seconds for the later half of the rounds, NaN if unknown
   * @param peakKib most memory, 0 if unknown
   */
  record Measure(double seconds, double warm, long peakKib) {
    double seconds(Phase phase) {
      return phase == Phase.COLD ? seconds : warm;
    }
  }

  static Result of(Benchmark benchmark, Map<Machine, List<Timer.Run>> runs, double hostPerGuest) {
    Map<Machine, Measure> measures = new LinkedHashMap<>();
    runs.forEach(
        (machine, times) ->
            measures.put(
                machine,
                new Measure(
                    median(times, Timer.Run::seconds),
                    median(times, Timer.Run::warm),
                    (long) median(times, Timer.Run::peakKib))));
    return new Result(benchmark, measures, hostPerGuest, "");
  }

  static Result failed(Benchmark benchmark, String problem) {
    return new Result(benchmark, Map.of(), Double.NaN, problem);
  }

  /** The measure of a kind of machine, of the fastest if there are several; null if of none. */
  Measure of(Kind kind) {
    Measure best = null;
    for (Map.Entry<Machine, Measure> each : measures.entrySet()) {
      boolean fits = each.getKey().kind() == kind;
      if (fits && (best == null || each.getValue().seconds < best.seconds)) {
        best = each.getValue();
      }
    }
    return best;
  }

  /** How many times as long it takes on {@code slow} as on {@code fast}; NaN when unknown. */
  double ratio(Kind slow, Kind fast, Phase phase) {
    Measure above = of(slow);
    Measure below = of(fast);
    return above == null || below == null
        ? Double.NaN
        : above.seconds(phase) / below.seconds(phase);
  }

  /** The geometric mean of what is known; NaN if nothing is. */
  static double geometricMean(List<Result> results, ToDoubleFunction<Result> of) {
    double logarithms = 0;
    int count = 0;
    for (Result each : results) {
      double value = of.applyAsDouble(each);
      if (!Double.isNaN(value)) {
        logarithms += Math.log(value);
        count++;
      }
    }
    return count == 0 ? Double.NaN : Math.exp(logarithms / count);
  }

  /** The results by group, in the order in which they come; all together last. */
  static Map<String, List<Result>> groups(List<Result> results) {
    Map<String, List<Result>> groups = new LinkedHashMap<>();
    for (Result each : results) {
      groups.computeIfAbsent(each.benchmark.group(), _ -> new ArrayList<>()).add(each);
    }
    if (groups.size() == 1) {
      groups.clear();
    }
    groups.put("all", results);
    return groups;
  }

  private static double median(List<Timer.Run> runs, ToDoubleFunction<Timer.Run> of) {
    double[] sorted = runs.stream().mapToDouble(of).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
