package dev.isomorph.tools.explain;

import dev.isomorph.processvm.ProcessVm;
import dev.isomorph.processvm.RunOptions;
import dev.isomorph.tools.Failures;
import dev.isomorph.tools.trace.GuestOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

/** {@code isomorph explain}: runs a program and writes a report of where its time went and why. */
@Command(
    name = "explain",
    header = "Runs a program and reports where its time went, with the hottest code.",
    synopsisHeading = "Usage: ",
    customSynopsis = "isomorph explain [OPTIONS] PROGRAM [ARGUMENT...]",
    sortOptions = false,
    description = {
      "",
      "Writes an HTML page that needs nothing else: time by function and by",
      "translation, and for the hottest ones the guest code, the IR after every pass",
      "and the host code side by side. The program runs as under 'isomorph run';",
      "looking at it once a millisecond costs little.",
      ""
    },
    footer = {
      "",
      "The exit status is the program's. What it forks or execs is not looked at.",
      "",
      "Examples:",
      "  isomorph explain ./sieve 1000000            then open explain.html",
      "  isomorph explain -o lua.html --root ~/debian /usr/bin/lua5.4 fib.lua",
      "  isomorph explain --count ./sieve 1000000    with instructions executed, slower",
      "",
      "docs/explain.md tells how to read the page, and how perf(1) can be used."
    })
public final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the page to FILE, not to explain.html.")
  private Path output = Path.of("explain.html");

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write what the page shows to FILE, too, for programs.")
  private Path json;

  @Option(names = "--top", paramLabel = "N", description = "Show the code of N translations (20).")
  private int top = 20;

  @Option(
      names = "--count",
      description = {
        "Count the instructions executed, guest's and host's.",
        "Takes several times as long, so times mean less."
      })
  private boolean count;

  @Option(names = "--regions", description = "Translate all in regions at once, hot or not.")
  private boolean regions;

  @Mixin private GuestOptions guest;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  /** Made by the command line. */
  public ExplainCommand() {}

  @Override
  public Integer call() {
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top needs a number above 0");
    }
    List<String> words = new ArrayList<>(List.of(guest.program()));
    words.addAll(guest.arguments());
    try {
      // Found out now rather than after an hour's run.
      Files.writeString(output, "");
      if (json != null) {
        Files.writeString(json, "");
      }
      return ProcessVm.run(
          guest.toRun(regions ? RunOptions.Execution.REGIONS : RunOptions.Execution.TRANSLATED),
          new Recorder(String.join(" ", words), count, new ReportFiles(output, json, top)));
    } catch (IOException e) {
      return failed(e);
    } catch (UncheckedIOException e) {
      return failed(e.getCause());
    }
  }

  private static int failed(IOException e) {
    System.err.println("isomorph explain: " + Failures.reason(e));
    return 1;
  }
}
