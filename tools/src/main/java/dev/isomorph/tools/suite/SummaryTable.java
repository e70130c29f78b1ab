package dev.isomorph.tools.suite;

import dev.isomorph.tools.suite.SuiteReport.Tally;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as text for a terminal: what failed, what was skipped and why, and tables. */
final class SummaryTable {
  private static final int LEAST_WIDTH = 12;
  private static final String ROW = "%-Ws %6s %6s %6s %10s%n";

  private final SuiteReport report;
  private final StringBuilder out = new StringBuilder();
  private final String row;

  private SummaryTable(SuiteReport report) {
    this.report = report;
    int width = LEAST_WIDTH;
    for (String each : report.byExtension().keySet()) {
      width = Math.max(width, each.length());
    }
    row = ROW.replace("W", Integer.toString(width));
  }

  static String of(SuiteReport report) {
    SummaryTable table = new SummaryTable(report);
    table.failures();
    table.skips();
    table.tallies();
    return table.out.toString();
  }

  private void failures() {
    for (TestResult result : report.results()) {
      result.failures().forEach((verdict, witnesses) -> failure(result, verdict, witnesses));
    }
  }

  private void failure(TestResult result, Verdict verdict, List<Witness> witnesses) {
    out.append("FAIL ").append(result.name());
    if (report.witnesses().size() > 1) {
      out.append(" [").append(Witness.labels(witnesses)).append(']');
    }
    out.append(": ").append(verdict.reason()).append('\n');
    if (!verdict.command().isEmpty()) {
      out.append("     ").append(verdict.command()).append('\n');
    }
  }

  /** One line for each reason. */
  private void skips() {
    report
        .skipReasons()
        .forEach(
            (reason, count) ->
                out.append("SKIP ")
                    .append(count)
                    .append(count == 1 ? " test: " : " tests: ")
                    .append(reason)
                    .append('\n'));
  }

  private void tallies() {
    if (!out.isEmpty()) {
      out.append('\n');
    }
    head("extension");
    for (Map.Entry<String, List<TestResult>> each : report.byExtension().entrySet()) {
      line(each.getKey(), SuiteReport.tally(each.getValue()));
    }
    line("all", report.tally());
    if (report.witnesses().size() > 1) {
      out.append('\n');
      head("witness");
      for (Witness each : report.witnesses()) {
        line(each.label(), report.tally(each));
      }
    }
  }

  private void head(String first) {
    out.append(String.format(Locale.ROOT, row, first, "pass", "fail", "skip", "time"));
  }

  private void line(String name, Tally tally) {
    String time = String.format(Locale.ROOT, "%.1f s", tally.seconds());
    out.append(
        String.format(Locale.ROOT, row, name, tally.pass(), tally.fail(), tally.skip(), time));
  }
}
