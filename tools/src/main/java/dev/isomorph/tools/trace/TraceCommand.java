package dev.isomorph.tools.trace;

import dev.isomorph.processvm.ProcessVm;
import dev.isomorph.tools.Failures;
import dev.isomorph.tools.StandardError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code isomorph trace}: runs a program and writes a commit log. */
@Command(
    name = "trace",
    header = "Runs a program and logs each instruction it executes.",
    synopsisHeading = "Usage: ",
    customSynopsis = "isomorph trace [OPTIONS] PROGRAM [ARGUMENT...]",
    sortOptions = false,
    description = {
      "",
      "The log has the form of Spike's --log-commits: a line for each instruction, with",
      "its address, its encoding, the registers it wrote and the memory it accessed.",
      "All threads of the program are logged, but neither its children nor a program",
      "that it executes in its own place.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  isomorph trace examples/hello/hello",
      "  isomorph trace --output log.gz examples/hello/hello",
      "  isomorph trace --function main --count 100 ./program"
    })
public final class TraceCommand implements Callable<Integer> {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      converter = LogPath.class,
      description = {
        "Write the log to FILE instead of standard error,",
        "compressed if its name ends in .gz, .xz or .zst."
      })
  private Path output;

  @Option(
      names = "--from",
      paramLabel = "ADDRESS",
      converter = Address.class,
      description = "Only instructions at ADDRESS and above.")
  private long from;

  @Option(
      names = "--to",
      paramLabel = "ADDRESS",
      converter = Address.class,
      description = "Only instructions below ADDRESS.")
  private long to = -1;

  @Option(
      names = "--function",
      paramLabel = "NAME",
      description = {
        "Only instructions of this function; may be repeated.",
        "'isomorph disasm' lists those of a file."
      })
  private List<String> functions = new ArrayList<>();

  @Option(
      names = "--skip",
      paramLabel = "N",
      description = "Pass over the first N of those instructions.")
  private long skip;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Log at most N; the program runs on without.")
  private long count = Long.MAX_VALUE;

  @Mixin private GuestOptions guest;
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  /** Made by the command line. */
  public TraceCommand() {}

  @Override
  public Integer call() {
    checkArguments();
    try (CommitLogWriter log = new CommitLogWriter(open())) {
      return ProcessVm.run(
          guest.toRun(),
          new CommitRecorder(
              log,
              new TraceFilter(from, to, functions, skip, count),
              new PrintStream(new StandardError())));
    } catch (IOException e) {
      return failed(e);
    } catch (UncheckedIOException e) {
      return failed(e.getCause());
    }
  }

  private int failed(IOException e) {
    // What a disk or a pipe refuses has no name.
    boolean named = output == null || e instanceof FileSystemException;
    String reason = Failures.reason(e);
    System.err.println("isomorph trace: " + (named ? reason : output + ": " + reason));
    return 1;
  }

  private void checkArguments() {
    if (Long.compareUnsigned(from, to) >= 0) {
      throw wrong("--from needs to be below --to");
    }
    if (skip < 0) {
      throw wrong("--skip needs at least 0, not " + skip);
    }
    if (count < 0) {
      throw wrong("--count needs at least 0, not " + count);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private OutputStream open() throws IOException {
    return output == null ? new StandardError() : LogFiles.create(output);
  }
}
