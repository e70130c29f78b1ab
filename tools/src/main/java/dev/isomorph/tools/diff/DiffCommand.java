package dev.isomorph.tools.diff;

import dev.isomorph.processvm.ProcessVm;
import dev.isomorph.processvm.RunOptions;
import dev.isomorph.tools.Failures;
import dev.isomorph.tools.Qemu;
import dev.isomorph.tools.trace.CommitLogReader;
import dev.isomorph.tools.trace.GuestOptions;
import dev.isomorph.tools.trace.LogFiles;
import dev.isomorph.tools.trace.LogPath;
import dev.isomorph.translator.lift.BlockLifter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code isomorph diff}: runs a program and compares it with a witness, step by step. */
@Command(
    name = "diff",
    exitCodeOnExecutionException = 2,
    header = "Runs a program and compares each step with a witness.",
    customSynopsis = "isomorph diff WITNESS [OPTIONS] PROGRAM [ARGUMENT...]",
    sortOptions = false,
    description = {
      "",
      "The witness is a commit log, a qemu that runs beside, or Isomorph's own",
      "evaluator. The first difference is shown with the instructions before it and the",
      "code at fault. The status is 0 if all agrees, 1 if something differs, 2 if it",
      "cannot be compared.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  isomorph diff --evaluator examples/hello/hello",
      "  isomorph diff --qemu examples/hello/hello",
      "  isomorph diff --log spike.log.gz program"
    })
public final class DiffCommand implements Callable<Integer> {
  private static final int AGREES = 0;
  private static final int DIFFERS = 1;
  private static final int CANNOT = 2;

  /** What shells add to the number of a signal that has ended a command. */
  private static final int BY_SIGNAL = 128;

  @ArgGroup(multiplicity = "1")
  private WitnessOption witness;

  @Option(
      names = "--step",
      description = "Translate single instructions: exact, but not what 'run' does.")
  private boolean step;

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Show the last N instructions (default: ${DEFAULT-VALUE}).")
  private int context = 20;

  @Mixin private GuestOptions guest;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  /** Whom to compare with. */
  static final class WitnessOption {
    @Option(
        names = "--log",
        paramLabel = "FILE",
        converter = LogPath.class,
        description = "Compare with a commit log, plain or compressed (.gz, .xz, .zst).")
    private Path log;

    @Option(names = "--qemu", description = "Compare with the newest qemu-riscv64 of the PATH.")
    private boolean qemu;

    @Option(
        names = "--qemu-at",
        paramLabel = "FILE",
        description = "Compare with this qemu-riscv64.")
    private Path qemuAt;

    @Option(
        names = "--evaluator",
        description = "Compare emitted code with the evaluator of the IR.")
    private boolean evaluator;
  }

  /** Made by the command line. */
  public DiffCommand() {}

  @Override
  public Integer call() {
    try {
      if (witness.evaluator) {
        return run(guest.toRun(), new EvaluatorCheck(blockLimit(), context, new Progress(null)));
      }
      return witness.log != null ? withLog() : withQemu();
    } catch (IOException e) {
      return failed(e);
    } catch (UncheckedIOException e) {
      return failed(e.getCause());
    }
  }

  private static int failed(IOException e) {
    System.err.println("isomorph diff: " + Failures.reason(e));
    return CANNOT;
  }

  private int withLog() throws IOException {
    long pointer;
    String name = witness.log.toString();
    try (CommitLogReader log = reader(open(witness.log), name)) {
      pointer = CommitLogWitness.initialStackPointer(log);
    }
    double size = Math.max(1, Files.size(witness.log));
    CountingInputStream counted = new CountingInputStream(open(witness.log));
    try (Witness log = new CommitLogWitness(reader(counted, name), name)) {
      Progress progress = new Progress(() -> counted.count() / size);
      return run(guest.toRun(), comparison(log, new LogStart(pointer), progress));
    }
  }

  private static CommitLogReader reader(InputStream file, String name) throws IOException {
    try {
      return new CommitLogReader(LogFiles.open(file), name);
    } catch (IOException e) {
      throw new IOException(name + ": " + Failures.reason(e), e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    return Files.newInputStream(file);
  }

  private int withQemu() throws IOException {
    Qemu qemu = witness.qemu ? Qemu.newest() : Qemu.at(witness.qemuAt);
    if (qemu == null) {
      throw new IOException("no qemu-riscv64 in the PATH");
    }
    RunOptions options = guest.toRun();
    try (QemuWitness run = new QemuWitness(qemu, options, StandardInput.share())) {
      return run(options, comparison(run, run, new Progress(null)));
    }
  }

  private Comparison comparison(Witness with, Comparison.Start start, Progress progress) {
    return new Comparison(with, start, blockLimit(), context, progress);
  }

  private int blockLimit() {
    return step ? 1 : BlockLifter.DEFAULT_LIMIT;
  }

  private static int run(RunOptions options, Checker checker) {
    try {
      ProcessVm.run(options, checker);
      return CANNOT; // It has said why.
    } catch (ComparisonEnd end) {
      checker.conclude(end);
      if (end.request() != 0) {
        return BY_SIGNAL + end.request();
      }
      return end.diverged() ? DIFFERS : AGREES;
    }
  }
}
