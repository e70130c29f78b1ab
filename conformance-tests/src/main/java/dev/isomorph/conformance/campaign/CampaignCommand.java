package dev.isomorph.conformance.campaign;

import dev.isomorph.tools.Failures;
import dev.isomorph.tools.Json;
import dev.isomorph.tools.Qemu;
import dev.isomorph.tools.suite.Shard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code isomorph campaign}: random cases, judged until the time is up. */
@Command(
    name = "campaign",
    sortOptions = false,
    header = "Looks for differences by random programs, for as long as you like.",
    description = {
      "",
      "Makes programs at random, runs each by several means and compares what came out. A"
          + " difference is reduced to a smaller one where that is possible, and written to a"
          + " folder of its own with everything needed to see it again. The exit status is 0 if all"
          + " agree and 1 if not.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  isomorph campaign --time 8h --jobs 8            a night",
      "  isomorph campaign --kind csmith --cases 1000    a thousand C programs",
      "  isomorph campaign --seed 7 --shard 3/100        one job of a hundred that share the work",
      "  isomorph campaign --kind programs --case 7f...  one case again"
    })
public final class CampaignCommand implements Callable<Integer> {
  private static final Duration USUAL_TIME = Duration.ofMinutes(10);

  @Option(
      names = "--time",
      paramLabel = "TIME",
      description = "When to stop, such as 90s, 10m, 8h (default: 10m, or none with --cases).")
  private String time;

  @Option(
      names = "--cases",
      paramLabel = "N",
      description = "Cases of each kind, at most; with --shard, N in each shard.")
  private Long cases;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      split = ",",
      description = {
        "Which kinds, with commas between them (default: all):",
        "instructions: any one, from 32 random states;",
        "sequences: short programs, from a random state;",
        "programs: random machine code as whole programs;",
        "csmith: C programs by csmith, compiled at -O0 to -O3.",
        "The first three are run by the golden model, the evaluator and the engine in several ways,"
            + " the third also by qemu. C programs are compared with their native results."
      })
  private List<String> kinds = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What all cases are made from (default: a new one, which is printed).")
  private Long seed;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = "Do the I-th of N parts, 1 to N (default: all).")
  private String shard;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Cases at the same time (default: ${DEFAULT-VALUE}).")
  private int jobs;

  @Option(
      names = "--case",
      paramLabel = "SEED",
      description = "Judge only this case, of the one kind named.")
  private String single;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "isomorph-campaign",
      description = "Folder for differences (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--qemu",
      paramLabel = "PATH",
      description = "The qemu-riscv64 to compare with (default: the newest on the PATH).")
  private Path qemu;

  @Option(names = "--json", description = "Print JSON instead of lines.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  /** Made by the command line. */
  public CampaignCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    List<Kind> wanted;
    Campaign.Plan plan;
    long caseSeed;
    try {
      wanted = wanted();
      plan = plan(seed == null ? ThreadLocalRandom.current().nextInt(1 << 30) : seed);
      caseSeed = single == null ? 0 : caseSeed();
    } catch (IllegalArgumentException e) {
      say(e.getMessage() + " (see isomorph campaign --help)");
      return CommandLine.ExitCode.USAGE;
    }
    Path scratch = null;
    try {
      scratch = Files.createTempDirectory("isomorph-campaign");
      Qemu second = qemu == null ? Qemu.newest() : Qemu.at(qemu);
      say(
          second == null
              ? "no qemu-riscv64 on the PATH: done without"
              : "qemu " + second.version());
      say("seed " + plan.seed() + (shard == null ? "" : ", shard " + plan.shard()));
      return run(plan, wanted, caseSeed, new Kind.Equipment(second, scratch));
    } catch (IOException e) {
      say(Failures.reason(e));
      return 1;
    } finally {
      delete(scratch);
    }
  }

  private int run(Campaign.Plan plan, List<Kind> wanted, long caseSeed, Kind.Equipment equipment)
      throws IOException, InterruptedException {
    List<Kind> possible = new ArrayList<>();
    Map<String, Object> skipped = new LinkedHashMap<>();
    for (Kind kind : wanted) {
      if (kind.missing().isEmpty()) {
        possible.add(kind);
      } else {
        say(kind.word() + " is left out: " + kind.missing());
        skipped.put(kind.word(), Map.of("skipped", kind.missing()));
      }
    }
    if (possible.isEmpty()) {
      throw new IOException("nothing can be done here");
    }
    Progress progress = new Progress(System.err);
    Campaign campaign =
        new Campaign(plan, possible, equipment, new Reproducers(out, qemu), progress);
    // Whoever interrupts a campaign wants to know what it has found.
    Thread interrupted =
        new Thread(
            () -> {
              report(plan, campaign.stop(), skipped, progress);
              ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
              delete(equipment.scratch());
            });
    Runtime.getRuntime().addShutdownHook(interrupted);
    boolean toReport;
    List<Tally> tallies;
    try {
      tallies = single == null ? campaign.run() : List.of(campaign.repeat(caseSeed));
    } finally {
      toReport = remove(interrupted);
    }
    if (toReport) {
      report(plan, tallies, skipped, progress);
    }
    return tallies.stream().allMatch(tally -> tally.differences().isEmpty()) ? 0 : 1;
  }

  /** Whether the hook was still to be run. */
  private static boolean remove(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private void report(
      Campaign.Plan plan, List<Tally> tallies, Map<String, Object> skipped, Progress progress) {
    progress.end();
    if (json) {
      Map<String, Object> kindResults = new LinkedHashMap<>(skipped);
      tallies.forEach(tally -> kindResults.put(tally.kind().word(), tally.json()));
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("seed", plan.seed());
      report.put("shard", plan.shard().toString());
      report.put("kinds", kindResults);
      System.out.print(Json.write(report));
    } else {
      tallies.forEach(tally -> System.out.println(tally.summary()));
    }
    System.out.flush();
  }

  private Campaign.Plan plan(long seedUsed) {
    if (jobs < 1) {
      throw new IllegalArgumentException("--jobs needs at least 1, not " + jobs);
    }
    if (cases != null && cases < 1) {
      throw new IllegalArgumentException("--cases needs at least 1, not " + cases);
    }
    return new Campaign.Plan(
        limit(),
        seedUsed,
        shard == null ? Shard.WHOLE : Shard.parse(shard),
        cases == null ? Long.MAX_VALUE : cases,
        jobs);
  }

  private Optional<Duration> limit() {
    if (time != null) {
      return Optional.of(TimeText.parse(time));
    }
    return cases == null ? Optional.of(USUAL_TIME) : Optional.empty();
  }

  private List<Kind> wanted() {
    List<Kind> wanted = new ArrayList<>();
    for (String word : kinds) {
      wanted.add(
          Arrays.stream(Kind.values())
              .filter(kind -> kind.word().equals(word.toLowerCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no kind of cases: " + word)));
    }
    if (single != null && wanted.size() != 1) {
      throw new IllegalArgumentException("--case needs one --kind");
    }
    return wanted.isEmpty() ? List.of(Kind.values()) : wanted.stream().distinct().toList();
  }

  private long caseSeed() {
    try {
      return Seeds.parse(single);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not the seed of a case: " + single, e);
    }
  }

  private static void say(String text) {
    System.err.println("isomorph campaign: " + text);
  }

  /** Removes a folder as far as that can be done; what stays lies among temporary files. */
  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // An interrupted case may be using it.
    }
  }
}
