package dev.isomorph.tools.suite;

import dev.isomorph.tools.ChildProcess;
import dev.isomorph.tools.Failures;
import dev.isomorph.tools.Qemu;
import dev.isomorph.tools.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isomorph suite}: runs a folder of tests and tells how they ended. */
@Command(
    name = "suite",
    sortOptions = false,
    subcommands = MergeCommand.class,
    customSynopsis = {
      "isomorph suite [OPTION]... DIR",
      "       isomorph suite merge [OPTION]... REPORT..."
    },
    header = "Runs a folder of self-checking or signature-producing programs.",
    description = {
      "",
      "Every RISC-V program in DIR and below is a test; one with a symbol 'tohost' runs on a"
          + " machine of its own, as 'isomorph boot' has it. It passes when it ends with exit"
          + " status 0 and, where such a file lies beside it, when",
      "  NAME.status            holds its exit status instead,",
      "  NAME.out               is what it prints,",
      "  NAME.reference_output  or NAME.signature is its signature in memory;",
      "NAME.in is its input, NAME.args has its arguments, one a line.",
      "Exit status: 0 when nothing failed, 1 when a test did, 2 when called wrongly.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  isomorph suite riscv-tests/isa",
      "  isomorph suite tests --witness evaluator,qemu --html report.html",
      "  isomorph suite tests --shard 3/16 --json >shard-3.json",
      "  isomorph suite merge shard-*.json --junit report.xml"
    })
public final class SuiteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  // Optional here, for merge does without.
  @Parameters(paramLabel = "DIR", arity = "0..1", description = "The folder.")
  private Path folder;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Tests at a time (default: the number of processors).")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "A test that takes longer has failed (default: ${DEFAULT-VALUE}).")
  private long timeout;

  @Option(
      names = "--witness",
      paramLabel = "NAME",
      split = ",",
      description = {
        "Run by other means too, and compare: regions, no-optimizer, evaluator, qemu. May be"
            + " repeated."
      })
  private List<String> names = List.of();

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = {
        "Resolve the tests' paths inside DIR first, as 'run --root' does: where dynamic programs"
            + " find their libraries."
      })
  private Path root;

  @Option(
      names = "--qemu",
      paramLabel = "PATH",
      description = "The qemu-riscv64 for --witness qemu (default: the newest on the PATH).")
  private Path qemuPath;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = "Run the Ith of N parts; a test's part depends on its name alone.")
  private String shardText;

  @Mixin private ReportOptions output;

  @Option(
      names = "--isomorph",
      paramLabel = "COMMAND",
      defaultValue = "${sys:isomorph.launcher}",
      description = "The launcher to test (default: the one that started this).")
  private String launcher;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  /** Made by the command line. */
  public SuiteCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    checkArguments();
    Shard shard = shard();
    Set<Witness> witnesses = witnesses();
    try {
      List<TestCase> all = new TestFinder(folder).find();
      if (all.isEmpty()) {
        throw wrong("no RISC-V program in " + folder);
      }
      List<TestCase> tests = all.stream().filter(each -> shard.has(each.name())).toList();
      return output.write(run(tests, witnesses));
    } catch (IOException e) {
      System.err.println("isomorph suite: " + Failures.reason(e));
      return ExitCode.USAGE;
    }
  }

  private SuiteReport run(List<TestCase> tests, Set<Witness> witnesses)
      throws IOException, InterruptedException {
    Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Qemu qemu = null;
    if (witnesses.contains(Witness.QEMU)) {
      qemu = qemuPath == null ? Qemu.newest() : Qemu.at(qemuPath);
    }
    List<Witness> order = List.copyOf(witnesses);
    ChildProcess processes = new ChildProcess(Duration.ofSeconds(timeout));
    Runners runners =
        new Runners(
            order,
            new ProcessRunner(order, launcher, qemu, root, processes),
            new MachineRunner(order, launcher, processes));
    SuiteProgress progress =
        new SuiteProgress(Terminal.isStandardError() ? System.err : null, tests.size());
    String name = TestFinder.name(folder);
    List<TestResult> results = new SuiteRun(name, runners, jobs).run(tests, progress);
    return new SuiteReport(Set.of(name), started, witnesses, results);
  }

  private void checkArguments() {
    if (folder == null) {
      throw wrong("no folder given");
    }
    if (!Files.isDirectory(folder)) {
      throw wrong(folder + ": no such folder");
    }
    if (jobs < 1) {
      throw wrong("--jobs needs at least 1, not " + jobs);
    }
    if (timeout < 1) {
      throw wrong("--timeout needs at least 1, not " + timeout);
    }
    if (root != null) {
      if (!Files.isDirectory(root)) {
        throw wrong(root + ": no such folder");
      }
      root = root.toAbsolutePath();
    }
    if (launcher == null || launcher.isEmpty()) {
      throw wrong("started without the launcher; name it with --isomorph");
    }
    if (Files.exists(Path.of(launcher))) {
      // Tests run in folders of their own.
      launcher = Path.of(launcher).toAbsolutePath().toString();
    }
  }

  private Shard shard() {
    try {
      return shardText == null ? Shard.WHOLE : Shard.parse(shardText);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private Set<Witness> witnesses() {
    Set<Witness> witnesses = EnumSet.of(Witness.CODE);
    for (String each : names) {
      Witness witness = Witness.of(each);
      if (witness == null) {
        String known = Witness.labels(EnumSet.allOf(Witness.class));
        throw wrong("--witness takes " + known + ", not " + each);
      }
      witnesses.add(witness);
    }
    return witnesses;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
