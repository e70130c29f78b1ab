package dev.isomorph.tools.bench;

import dev.isomorph.tools.Failures;
import dev.isomorph.tools.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isomorph bench}: whole programs' times under Isomorph, under qemu and natively. */
@Command(
    name = "bench",
    sortOptions = false,
    header = "Times programs here, under qemu-riscv64 and natively.",
    description = {
      "",
      "Whole programs, start-up included; all must print the same. Sources are built for both"
          + " machines with the compilers on the PATH (-O2, static; natively for x86-64-v2). Runs"
          + " are interleaved, times are medians, means are geometric. 'warm' is the later half of"
          + " a program's rounds, 'MiB' peak memory, Isomorph's first, 'host/guest' host"
          + " instructions executed for each guest instruction. Of several qemus the fastest"
          + " counts, program by program. docs/benchmarks.md tells about the programs.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  isomorph bench                       the programs that come with it: an hour",
      "  isomorph bench --scale 0.1 --runs 1  a first impression, mostly of starts",
      "  isomorph bench --only float,sort     a group and a program",
      "  isomorph bench --root ~/debian --only real --html real.html",
      "  isomorph bench --runs 5 my.c dir     C or C++ sources, or folders of them",
      "  isomorph bench --kept --only float   as it is from a program's third run on",
      "  isomorph bench --json ./guest        a riscv64 executable, not natively",
      "  isomorph bench --ablate --only integer --clock cpu\n"
          + "                                       what each pass is worth"
    })
public final class BenchCommand implements Callable<Integer> {
  /** What the first one finds late may change what the second one finds. */
  private static final int RUNS_TO_KEEP = 2;

  @Parameters(
      paramLabel = "PROGRAM",
      arity = "0..*",
      description = "C or C++ source, directory of sources, or static riscv64 executable.")
  private List<Path> programs = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only programs and groups of these names.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--list", description = "List the programs, and time nothing.")
  private boolean list;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "Also time programs of this Debian root, the group 'real'.")
  private Path root;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each program on each machine (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--scale",
      paramLabel = "FACTOR",
      defaultValue = "1",
      description = "How much the programs do; 1 is about 1.5 s natively (default).")
  private double scale;

  @Option(
      names = "--qemu",
      paramLabel = "PATH",
      description = "A qemu-riscv64 to compare with; may be repeated (default: the PATH's newest).")
  private List<Path> qemuPaths = new ArrayList<>();

  @Option(
      names = "--no-counts",
      negatable = false,
      description = "Leave out the extra run that counts instructions.")
  private boolean noCounts;

  @Option(
      names = "--clock",
      paramLabel = "CLOCK",
      defaultValue = "wall",
      converter = Clock.Reader.class,
      description = "wall (default), or cpu: processor time of all threads, for a busy machine.")
  private Clock clock;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "Give up on a run after this long (default: ${DEFAULT-VALUE}).")
  private long timeout;

  @Option(
      names = "--isomorph",
      paramLabel = "COMMAND",
      defaultValue = "${sys:isomorph.launcher}",
      description = "The launcher to time (default: the one that started this).")
  private String launcher;

  @Option(
      names = "--ablate",
      description = "Time Isomorph alone, with all passes of its optimiser and without each one.")
  private boolean ablate;

  @Option(
      names = "--kept",
      description = "Time Isomorph as it is from its third run on, with translations kept.")
  private boolean kept;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a chart, too.")
  private Path html;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  /** Made by the command line. */
  public BenchCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    Path scratch = null;
    try {
      scratch = Files.createTempDirectory("isomorph-bench");
      List<Benchmark> set = chosen(scratch);
      if (list) {
        set.forEach(BenchCommand::describe);
        return 0;
      }
      check();
      if (ablate) {
        return ablate(set, scratch);
      }
      List<Qemu> qemus = new ArrayList<>();
      for (Path path : qemuPaths) {
        qemus.add(Qemu.at(path));
      }
      if (qemus.isEmpty() && Qemu.newest() != null) {
        qemus.add(Qemu.newest());
      }
      return measure(set, qemus, scratch);
    } catch (IOException e) {
      System.err.println("isomorph bench: " + Failures.reason(e));
      return 1;
    } finally {
      delete(scratch);
    }
  }

  private void check() throws IOException {
    if (runs < 1) {
      throw new IOException("--runs needs at least 1, not " + runs);
    }
    if (!(scale > 0)) {
      throw new IOException("--scale needs a number above 0, not " + scale);
    }
    if (root != null && !Files.isDirectory(root)) {
      throw new IOException(root + ": no such directory");
    }
    if (launcher == null || launcher.isEmpty()) {
      throw new IOException("started without the launcher; name it with --isomorph");
    }
  }

  /** The benchmarks that are wanted. */
  private List<Benchmark> chosen(Path scratch) throws IOException {
    List<Benchmark> set = new ArrayList<>();
    if (programs.isEmpty()) {
      set.addAll(BenchmarkSet.bundled(Files.createDirectory(scratch.resolve("sources"))));
      if (root != null || list) {
        set.addAll(RealPrograms.benchmarks());
      }
    } else {
      set.addAll(BenchmarkSet.named(programs));
    }
    if (only.isEmpty()) {
      return set;
    }
    Set<String> unknown = new LinkedHashSet<>(only);
    set.forEach(each -> unknown.removeAll(List.of(each.name(), each.group())));
    if (!unknown.isEmpty()) {
      throw new IOException(
          "no program or group is named " + String.join(", ", unknown) + " (see --list)");
    }
    set.removeIf(each -> !only.contains(each.name()) && !only.contains(each.group()));
    return set;
  }

  private static void describe(Benchmark each) {
    System.out.printf(Locale.ROOT, "%-9s %-11s %s%n", each.group(), each.name(), each.text());
  }

  private int measure(List<Benchmark> set, List<Qemu> qemus, Path scratch)
      throws IOException, InterruptedException {
    note(qemus.isEmpty(), "no qemu-riscv64 on the PATH: no times under qemu");
    Jobs jobs = new Jobs(launcher, qemus, scratch, scale);
    RealPrograms real =
        root == null ? null : new RealPrograms(root, launcher, qemus, scratch, scale);
    BenchProgress progress = new BenchProgress(set.size());
    Measurement measurement =
        new Measurement(
            runs,
            kept ? RUNS_TO_KEEP : 0,
            kept
                ? Timer.keeping(clock, timeout, scratch.resolve("translations"))
                : new Timer(clock, timeout),
            progress,
            noCounts ? null : launcher);
    List<Machine> machines = new ArrayList<>(List.of(Machine.NATIVE, Machine.ISOMORPH));
    qemus.forEach(qemu -> machines.add(Machine.qemu(qemu.version())));
    List<Result> results = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    List<String> notNative = new ArrayList<>();
    qemus.forEach(qemu -> print("qemu " + qemu.version() + "\n"));
    print(kept ? "translations kept from two runs before\n" : "");
    print(Report.header());
    for (Benchmark each : set) {
      progress.next();
      progress.show(each.name(), "compiling", 1, 1);
      boolean isReal = each.group().equals(RealPrograms.GROUP) && real != null;
      Job job = isReal ? real.of(each) : jobs.of(each);
      if (job == null) {
        absent.add(each.name());
        continue;
      }
      if (!job.commands().containsKey(Machine.NATIVE)) {
        notNative.add(each.name());
      }
      results.add(measurement.measure(job));
      progress.clear();
      print(Report.row(results.getLast()));
    }
    progress.clear();
    print(Report.summary(results));
    note(!absent.isEmpty(), "no cross compiler for, or not in the root: " + Report.names(absent));
    note(!notNative.isEmpty(), "not on this machine: " + Report.names(notNative));
    note(
        clock == Clock.WALL && measurement.waited() > 0,
        "the machine was busy: "
            + measurement.waited()
            + " native runs had to wait for the processor (--clock cpu is disturbed less)");
    if (json) {
      System.out.print(ReportJson.write(results, runs, scale, clock, kept, machines));
    }
    System.out.flush();
    if (html != null) {
      Files.writeString(html, Chart.page(results, runs, scale, clock, machines));
    }
    return results.stream().allMatch(each -> each.problem().isEmpty()) ? 0 : 1;
  }

  /** Times the programs without each of the passes. */
  private int ablate(List<Benchmark> set, Path scratch) throws IOException, InterruptedException {
    Jobs jobs = new Jobs(launcher, List.of(), scratch, scale);
    BenchProgress progress = new BenchProgress(set.size());
    Measurement measurement = new Measurement(runs, 0, new Timer(clock, timeout), progress, null);
    List<Result> results = new ArrayList<>();
    for (Benchmark each : set) {
      progress.next();
      progress.show(each.name(), "compiling", 1, 1);
      Job job = jobs.of(each);
      if (job != null) {
        results.add(measurement.measure(Ablation.of(job)));
      }
    }
    progress.clear();
    System.out.print(json ? Ablation.json(results, runs, scale, clock) : Ablation.table(results));
    System.out.flush();
    return results.stream().allMatch(each -> each.problem().isEmpty()) ? 0 : 1;
  }

  /** Part of the table, as soon as it is known. */
  private void print(String text) {
    if (!json) {
      System.out.print(text);
      System.out.flush();
    }
  }

  private static void note(boolean applies, String text) {
    if (applies) {
      System.err.println("isomorph bench: " + text);
    }
  }

  private static void delete(Path directory) {
    if (directory == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      System.err.println("isomorph bench: " + directory + " was not removed: " + e.getMessage());
    }
  }
}
