package dev.isomorph.tools.bench;

import dev.isomorph.tools.bench.Machine.Kind;
import dev.isomorph.tools.bench.Result.Phase;
import java.util.List;

/** The ratios that reports show. */
enum Ratios {
  ISOMORPH_TO_NATIVE("isomorphToNative", "iso/native", Kind.ISOMORPH, Kind.NATIVE, Phase.COLD),
  WARM_ISOMORPH_TO_NATIVE("warmIsomorphToNative", "warm", Kind.ISOMORPH, Kind.NATIVE, Phase.WARM),
  QEMU_TO_ISOMORPH("qemuToIsomorph", "qemu/iso", Kind.QEMU, Kind.ISOMORPH, Phase.COLD),
  WARM_QEMU_TO_ISOMORPH("warmQemuToIsomorph", "warm", Kind.QEMU, Kind.ISOMORPH, Phase.WARM);

  final String key;
  final String heading;
  private final Kind slow;
  private final Kind fast;
  private final Phase phase;

  Ratios(String key, String heading, Kind slow, Kind fast, Phase phase) {
    this.key = key;
    this.heading = heading;
    this.slow = slow;
    this.fast = fast;
    this.phase = phase;
  }

  /** How many times as long one machine takes as the other; NaN when unknown. */
  double of(Result result) {
    return result.ratio(slow, fast, phase);
  }

  /** The geometric mean over those results that have it; NaN when none has. */
  double mean(List<Result> results) {
    return Result.geometricMean(results, this::of);
  }
}
