package dev.isomorph.tools.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The times of one program.
 *
 * @param seconds median wall-clock time on each machine it ran on
 * @param problem what went wrong, empty when all outputs were equal
 */
record Result(Benchmark benchmark, Map<Machine, Double> seconds, String problem) {
  /** Where a program runs. */
  enum Machine {
    NATIVE,
    ISOMORPH,
    QEMU
  }

  static Result of(Benchmark benchmark, Map<Machine, List<Double>> runs) {
    Map<Machine, Double> medians = new EnumMap<>(Machine.class);
    runs.forEach((machine, times) -> medians.put(machine, median(times)));
    return new Result(benchmark, medians, "");
  }

  static Result failed(Benchmark benchmark, String problem) {
    return new Result(benchmark, Map.of(), problem);
  }

  /** How many times as long it takes on {@code slow} as on {@code fast}; NaN when unknown. */
  double ratio(Machine slow, Machine fast) {
    Double above = seconds.get(slow);
    Double below = seconds.get(fast);
    return above == null || below == null ? Double.NaN : above / below;
  }

  /** The geometric mean of a ratio over those results that have it; NaN when none has. */
  static double geometricMean(List<Result> results, Machine slow, Machine fast) {
    double logarithms = 0;
    int count = 0;
    for (Result each : results) {
      double ratio = each.ratio(slow, fast);
      if (!Double.isNaN(ratio)) {
        logarithms += Math.log(ratio);
        count++;
      }
    }
    return count == 0 ? Double.NaN : Math.exp(logarithms / count);
  }

  private static double median(List<Double> times) {
    double[] sorted = times.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
