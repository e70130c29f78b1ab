package dev.isomorph.tools.bench;

import dev.isomorph.tools.Json;
import dev.isomorph.tools.bench.Machine.Kind;
import dev.isomorph.tools.bench.Result.Phase;
import dev.isomorph.translator.opt.Pass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What each pass of the optimiser is worth: the same programs with all of them and without one,
 * each combination taken for a machine of its own.
 */
final class Ablation {
  private static final Machine WHOLE = new Machine(Kind.ISOMORPH, "all passes");

  /** Programs that gain or lose this much are named. */
  private static final double NOTABLE = 0.05;

  private Ablation() {}

  /** The job with Isomorph alone, in all combinations. */
  static Job of(Job job) {
    List<String> words = job.commands().get(Machine.ISOMORPH);
    Map<Machine, List<String>> commands = new LinkedHashMap<>();
    commands.put(WHOLE, words);
    for (Pass pass : Pass.values()) {
      List<String> without = new ArrayList<>(words);
      // Behind the launcher and its first word, "run".
      without.addAll(2, List.of("--without", pass.toString()));
      commands.put(machine(pass), without);
    }
    return new Job(job.benchmark(), commands, job.counted(), job.sameEverywhere());
  }

  private static Machine machine(Pass pass) {
    return new Machine(Kind.ISOMORPH, "without " + pass);
  }

  /** How many times longer a program takes without a pass, in its later half if that is known. */
  private static double slowdown(Result result, Pass pass) {
    Result.Measure whole = result.measures().get(WHOLE);
    Result.Measure without = result.measures().get(machine(pass));
    if (whole == null || without == null) {
      return Double.NaN;
    }
    boolean isWarm = !Double.isNaN(whole.seconds(Phase.WARM));
    Phase phase = isWarm ? Phase.WARM : Phase.COLD;
    return without.seconds(phase) / whole.seconds(phase);
  }

  /** A row for each pass: geometric means by group, and what gains or loses most. */
  static String table(List<Result> results) {
    Map<String, List<Result>> groups = Result.groups(results);
    StringBuilder out = new StringBuilder(String.format(Locale.ROOT, "%-12s", "without"));
    groups.keySet().forEach(name -> out.append(String.format(Locale.ROOT, " %8s", name)));
    out.append("  notable\n");
    for (Pass pass : Pass.values()) {
      out.append(String.format(Locale.ROOT, "%-12s", pass));
      for (List<Result> members : groups.values()) {
        out.append(String.format(Locale.ROOT, " %8s", percent(mean(members, pass))));
      }
      out.append(' ');
      for (Result each : results) {
        double slowdown = slowdown(each, pass);
        if (Math.abs(slowdown - 1) >= NOTABLE) {
          out.append(' ').append(each.benchmark().name()).append(' ').append(percent(slowdown));
        }
      }
      out.append('\n');
    }
    for (Result each : results) {
      if (!each.problem().isEmpty()) {
        out.append(each.benchmark().name()).append(": ").append(each.problem()).append('\n');
      }
    }
    return out.toString();
  }

  /** The same for programs: by pass and by program, how many times longer it takes. */
  static String json(List<Result> results, int runs, double scale, Clock clock) {
    Map<String, Object> top = new LinkedHashMap<>();
    top.put("runs", runs);
    top.put("scale", scale);
    top.put("clock", clock.text());
    Map<String, Object> passes = new LinkedHashMap<>();
    for (Pass pass : Pass.values()) {
      Map<String, Object> row = new LinkedHashMap<>();
      results.forEach(each -> row.put(each.benchmark().name(), slowdown(each, pass)));
      row.put("geometricMean", mean(results, pass));
      passes.put(pass.toString(), row);
    }
    top.put("slowdownWithout", passes);
    return Json.write(top);
  }

  private static double mean(List<Result> results, Pass pass) {
    return Result.geometricMean(results, each -> slowdown(each, pass));
  }

  private static String percent(double slowdown) {
    return Double.isNaN(slowdown)
        ? "-"
        : String.format(Locale.ROOT, "%+.1f%%", 100 * (slowdown - 1));
  }
}
