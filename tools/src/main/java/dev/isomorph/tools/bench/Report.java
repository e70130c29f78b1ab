package dev.isomorph.tools.bench;

import dev.isomorph.tools.bench.Machine.Kind;
import dev.isomorph.tools.bench.Result.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Results as a table for people. */
final class Report {
  private static final String ROW = "%-16s %8s %8s %8s %10s %6s %8s %6s %5s %8s %10s%n";

  /** Beyond this many times the native run time a program is named. */
  private static final double SLOW = 3;

  private static final double KIB_PER_MIB = 1024;

  private Report() {}

  static String header() {
    return row(
        "program",
        "native",
        "isomorph",
        "qemu",
        Ratios.ISOMORPH_TO_NATIVE.heading,
        Ratios.WARM_ISOMORPH_TO_NATIVE.heading,
        Ratios.QEMU_TO_ISOMORPH.heading,
        Ratios.WARM_QEMU_TO_ISOMORPH.heading,
        "MiB",
        "qemu MiB",
        "host/guest");
  }

  static String row(Result result) {
    if (!result.problem().isEmpty()) {
      return String.format(Locale.ROOT, "%-16s %s%n", result.benchmark().name(), result.problem());
    }
    Measure isomorph = result.of(Kind.ISOMORPH);
    Measure qemu = result.of(Kind.QEMU);
    return row(
        result.benchmark().name(),
        seconds(result.of(Kind.NATIVE)),
        seconds(isomorph),
        seconds(qemu),
        ratio(Ratios.ISOMORPH_TO_NATIVE.of(result)),
        ratio(Ratios.WARM_ISOMORPH_TO_NATIVE.of(result)),
        ratio(Ratios.QEMU_TO_ISOMORPH.of(result)),
        ratio(Ratios.WARM_QEMU_TO_ISOMORPH.of(result)),
        peak(isomorph),
        peak(qemu),
        ratio(result.hostPerGuest()));
  }

  /** The geometric means, of each group and of all, and who is slower than should be. */
  static String summary(List<Result> results) {
    StringBuilder out = new StringBuilder();
    Result.groups(results)
        .forEach(
            (name, members) ->
                out.append(
                    row(
                        "mean " + name,
                        "",
                        "",
                        "",
                        ratio(Ratios.ISOMORPH_TO_NATIVE.mean(members)),
                        ratio(Ratios.WARM_ISOMORPH_TO_NATIVE.mean(members)),
                        ratio(Ratios.QEMU_TO_ISOMORPH.mean(members)),
                        ratio(Ratios.WARM_QEMU_TO_ISOMORPH.mean(members)),
                        "",
                        "",
                        ratio(Result.geometricMean(members, Result::hostPerGuest)))));
    out.append("slower than qemu: ").append(names(slowerThanQemu(results))).append('\n');
    out.append("over 3 times native: ").append(names(slowerThanNative(results))).append('\n');
    return out.toString();
  }

  static List<String> slowerThanQemu(List<Result> results) {
    return namesOf(results, each -> Ratios.QEMU_TO_ISOMORPH.of(each) < 1);
  }

  static List<String> slowerThanNative(List<Result> results) {
    return namesOf(results, each -> Ratios.ISOMORPH_TO_NATIVE.of(each) > SLOW);
  }

  private static List<String> namesOf(List<Result> results, Predicate<Result> which) {
    List<String> names = new ArrayList<>();
    for (Result each : results) {
      if (which.test(each)) {
        names.add(each.benchmark().name());
      }
    }
    return names;
  }

  static String names(List<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, ROW, cells);
  }

  private static String seconds(Measure measure) {
    return measure == null ? "-" : String.format(Locale.ROOT, "%.3f s", measure.seconds());
  }

  private static String peak(Measure measure) {
    return measure == null || measure.peakKib() == 0
        ? "-"
        : String.format(Locale.ROOT, "%.0f", measure.peakKib() / KIB_PER_MIB);
  }

  static String ratio(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
