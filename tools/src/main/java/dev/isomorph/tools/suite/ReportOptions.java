package dev.isomorph.tools.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a report goes, and in which form. */
final class ReportOptions {
  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write JUnit XML for continuous integration.")
  private Path junit;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with a matrix of instructions and witnesses.")
  private Path html;

  @Option(names = "--json", description = "Print JSON, which 'merge' reads, instead of tables.")
  private boolean json;

  /** Writes all that is asked for, and returns the exit status: 1 if a test failed. */
  int write(SuiteReport report) throws IOException {
    if (junit != null) {
      Files.writeString(junit, JunitXml.write(report));
    }
    if (html != null) {
      Files.writeString(html, HtmlReport.write(report));
    }
    System.out.print(json ? ReportJson.write(report) : SummaryTable.of(report));
    System.out.flush();
    return report.isGood() ? 0 : 1;
  }
}
