package dev.isomorph.tools.bench;

import dev.isomorph.tools.Failures;
import dev.isomorph.tools.Qemu;
import dev.isomorph.tools.bench.Result.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
      "Whole programs, start-up included; all must print the same. C sources are built for both"
          + " machines with the compilers on the PATH (-O2, static; natively for x86-64-v2). Runs"
          + " are interleaved, times are medians, means are geometric.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  isomorph bench                    the programs that come with Isomorph",
      "  isomorph bench --runs 5 my.c dir  C sources, or directories of them",
      "  isomorph bench --json ./guest     a riscv64 executable; no native time then"
    })
public final class BenchCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PROGRAM",
      arity = "0..*",
      description = "C source, directory of C sources, or static riscv64 executable.")
  private List<Path> programs = new ArrayList<>();

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each program on each machine (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--qemu",
      paramLabel = "PATH",
      description = "The qemu-riscv64 to compare with (default: the newest on the PATH).")
  private Path qemuPath;

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

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

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
      if (runs < 1) {
        throw new IOException("--runs needs at least 1, not " + runs);
      }
      if (launcher == null || launcher.isEmpty()) {
        throw new IOException("started without the launcher; name it with --isomorph");
      }
      scratch = Files.createTempDirectory("isomorph-bench");
      List<Benchmark> set =
          programs.isEmpty()
              ? BenchmarkSet.bundled(scratch.resolve("sources"))
              : BenchmarkSet.named(programs);
      Qemu qemu = qemuPath == null ? Qemu.newest() : Qemu.at(qemuPath);
      return measure(set, qemu, scratch);
    } catch (IOException e) {
      System.err.println("isomorph bench: " + Failures.reason(e));
      return 1;
    } finally {
      delete(scratch);
    }
  }

  private int measure(List<Benchmark> set, Qemu qemu, Path scratch)
      throws IOException, InterruptedException {
    Path cross = Toolchain.cross();
    Path compiler = Toolchain.nativeCompiler();
    note(cross == null, "no riscv64-linux-gnu-gcc on the PATH: C sources are left out");
    note(compiler == null, "no C compiler on the PATH: no native times");
    note(qemu == null, "no qemu-riscv64 on the PATH: no times under qemu");
    List<Result> results = new ArrayList<>();
    print(qemu == null ? "" : "qemu " + qemu.version() + "\n");
    print(Report.header());
    for (Benchmark each : set) {
      if (!each.isSource() || cross != null) {
        Map<Machine, List<String>> commands = commands(each, qemu, cross, compiler, scratch);
        results.add(measure(each, commands));
        print(Report.row(results.getLast()));
      }
    }
    Report report = new Report(results, runs, qemu);
    print(report.means());
    if (json) {
      System.out.print(report.json());
    }
    System.out.flush();
    return results.stream().allMatch(each -> each.problem().isEmpty()) ? 0 : 1;
  }

  private Map<Machine, List<String>> commands(
      Benchmark benchmark, Qemu qemu, Path cross, Path compiler, Path scratch) throws IOException {
    Map<Machine, List<String>> commands = new EnumMap<>(Machine.class);
    Path guest = benchmark.file();
    if (benchmark.isSource()) {
      guest = scratch.resolve(benchmark.group() + "-" + benchmark.name() + ".riscv64");
      Toolchain.buildGuest(cross, benchmark.file(), guest);
      if (compiler != null) {
        Path host = scratch.resolve(benchmark.group() + "-" + benchmark.name() + ".native");
        Toolchain.buildNative(compiler, benchmark.file(), host);
        commands.put(Machine.NATIVE, List.of(host.toString()));
      }
    }
    commands.put(Machine.ISOMORPH, List.of(launcher, "run", guest.toString()));
    if (qemu != null) {
      List<String> command = new ArrayList<>(qemu.fastest());
      command.add(guest.toString());
      commands.put(Machine.QEMU, command);
    }
    return commands;
  }

  private Result measure(Benchmark benchmark, Map<Machine, List<String>> commands)
      throws IOException, InterruptedException {
    Timer timer = new Timer(timeout);
    Map<Machine, List<Double>> times = new EnumMap<>(Machine.class);
    Timer.Run first = null;
    for (int i = 0; i < runs; i++) {
      for (Map.Entry<Machine, List<String>> each : commands.entrySet()) {
        Timer.Run run = timer.run(each.getValue());
        if (first == null) {
          first = run;
        }
        if (!run.sameResult(first)) {
          return Result.failed(
              benchmark, "DIFFERENT: under " + each.getKey() + " " + run.outcome());
        }
        times.computeIfAbsent(each.getKey(), _ -> new ArrayList<>()).add(run.seconds());
      }
    }
    return Result.of(benchmark, times);
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
