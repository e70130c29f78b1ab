package dev.isomorph.tools.suite;

import dev.isomorph.tools.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isomorph suite merge}: one report of several. */
@Command(
    name = "merge",
    sortOptions = false,
    header = "Makes one report of several.",
    description = {
      "",
      "Reads what 'suite --json' printed, of shards or of runs under other witnesses. Of two"
          + " verdicts of one witness on one test the worse counts.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  isomorph suite merge shard-*.json --html report.html --junit report.xml"
    })
final class MergeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "REPORT", arity = "1..*", description = "A report as JSON.")
  private List<Path> files;

  @Mixin private ReportOptions output;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  @Override
  public Integer call() {
    List<SuiteReport> reports = new ArrayList<>();
    for (Path file : files) {
      try {
        reports.add(ReportJson.read(Files.readString(file)));
      } catch (IOException e) {
        String reason = Failures.reason(e);
        String name = file.toString();
        System.err.println(
            "isomorph suite merge: " + (reason.startsWith(name) ? "" : name + ": ") + reason);
        return ExitCode.USAGE;
      }
    }
    try {
      return output.write(SuiteReport.merge(reports));
    } catch (IOException e) {
      System.err.println("isomorph suite merge: " + Failures.reason(e));
      return ExitCode.USAGE;
    }
  }
}
