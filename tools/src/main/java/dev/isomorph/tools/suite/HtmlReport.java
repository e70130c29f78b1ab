package dev.isomorph.tools.suite;

import dev.isomorph.tools.Markup;
import dev.isomorph.tools.suite.SuiteReport.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A report as one HTML page: tables, what failed, and a matrix of instructions and witnesses. */
final class HtmlReport {
  // Widths in rem, from which the browser finds how many matrices go side by side.
  private static final int COLUMN_OF_NAMES = 8;
  private static final int COLUMN_OF_WITNESS = 6;

  private final SuiteReport report;
  private final StringBuilder out = new StringBuilder();

  private HtmlReport(SuiteReport report) {
    this.report = report;
  }

  static String write(SuiteReport report) {
    HtmlReport html = new HtmlReport(report);
    html.page();
    return html.out.toString();
  }

  private void page() {
    String title = Markup.escape(report.title());
    out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.append("<title>").append(title).append(" - Isomorph</title>\n");
    out.append("<style>\n").append(HtmlStyle.CSS).append("</style>\n</head>\n<body>\n<header>\n");
    out.append("<h1>").append(title).append("</h1>\n");
    verdict();
    out.append("</header>\n<main>\n");
    extensions();
    witnesses();
    failures();
    skips();
    matrices();
    out.append("</main>\n</body>\n</html>\n");
  }

  private void verdict() {
    Tally all = report.tally();
    out.append("<p class=\"verdict ").append(report.isGood() ? "pass" : "fail").append("\">");
    if (all.fail() > 0) {
      out.append(all.fail()).append(" failed, ");
    }
    out.append(all.pass()).append(" passed");
    if (all.skip() > 0) {
      out.append(", ").append(all.skip()).append(" skipped");
    }
    out.append("</p>\n<p class=\"faint\">Started ").append(report.started());
    out.append(". Times are sums over tests, several of which run at a time.</p>\n");
  }

  private void extensions() {
    out.append("<h2>Extensions</h2>\n");
    tallyHead("extension");
    report
        .byExtension()
        .forEach(
            (extension, results) ->
                tallyRow(
                    "<a href=\"#" + anchor(extension) + "\">" + Markup.escape(extension) + "</a>",
                    "",
                    SuiteReport.tally(results)));
    tallyRow("all", " class=\"all\"", report.tally());
    out.append("</tbody></table>\n");
  }

  private void witnesses() {
    out.append("<h2>Witnesses</h2>\n");
    tallyHead("witness");
    for (Witness each : report.witnesses()) {
      String name = each.label() + " <small>" + Markup.escape(each.text()) + "</small>";
      tallyRow(name, "", report.tally(each));
    }
    out.append("</tbody></table>\n");
  }

  private void tallyHead(String first) {
    out.append("<table><thead><tr><th scope=\"col\">").append(first).append("</th>");
    for (String each : List.of("pass", "fail", "skip", "time", "")) {
      out.append("<th scope=\"col\">").append(each).append("</th>");
    }
    out.append("</tr></thead><tbody>\n");
  }

  private void tallyRow(String name, String attributes, Tally tally) {
    int total = Math.max(1, tally.pass() + tally.fail() + tally.skip());
    out.append("<tr").append(attributes).append("><th scope=\"row\">").append(name);
    out.append("</th><td>").append(tally.pass()).append("</td><td>").append(tally.fail());
    out.append("</td><td>").append(tally.skip()).append("</td><td>");
    out.append(seconds(tally.seconds())).append("</td><td><div class=\"bar\">");
    bar(Outcome.PASS, tally.pass(), total);
    bar(Outcome.FAIL, tally.fail(), total);
    out.append("</div></td></tr>\n");
  }

  private void bar(Outcome outcome, int part, int total) {
    out.append("<i class=\"").append(outcome.label()).append("\" style=\"width:");
    out.append(String.format(Locale.ROOT, "%.2f", 100.0 * part / total)).append("%\"></i>");
  }

  private void failures() {
    if (report.isGood()) {
      return;
    }
    out.append("<h2>Failures</h2>\n");
    for (TestResult result : report.results()) {
      if (result.outcome() == Outcome.FAIL) {
        out.append("<section class=\"failure\" id=\"").append(failureAnchor(result)).append("\">");
        out.append("<h3>").append(Markup.escape(result.name())).append("</h3>\n");
        result.failures().forEach(this::failure);
        out.append("</section>\n");
      }
    }
  }

  private void failure(Verdict verdict, List<Witness> witnesses) {
    out.append("<p><b>").append(Witness.labels(witnesses)).append("</b>: ");
    out.append(Markup.escape(verdict.reason())).append("</p>\n");
    for (String each : List.of(verdict.command(), verdict.errors())) {
      if (!each.isEmpty()) {
        out.append("<pre>").append(Markup.escape(each)).append("</pre>\n");
      }
    }
  }

  private void skips() {
    Map<String, Integer> reasons = report.skipReasons();
    if (!reasons.isEmpty()) {
      out.append("<h2>Skipped</h2>\n<ul>\n");
      reasons.forEach(
          (reason, count) ->
              out.append("<li>")
                  .append(Markup.escape(reason))
                  .append(" <small>")
                  .append(count)
                  .append(count == 1 ? " test" : " tests")
                  .append("</small></li>\n"));
      out.append("</ul>\n");
    }
  }

  private void matrices() {
    out.append("<h2>Instruction by witness</h2>\n");
    out.append("<p><label><input type=\"checkbox\" id=\"bad\"> failures only</label></p>\n");
    int column = COLUMN_OF_NAMES + COLUMN_OF_WITNESS * report.witnesses().size();
    out.append("<div class=\"matrices\" style=\"--column:").append(column).append("rem\">\n");
    report.byExtension().forEach(this::matrix);
    out.append("</div>\n");
  }

  private void matrix(String extension, List<TestResult> results) {
    Tally tally = SuiteReport.tally(results);
    out.append("<section id=\"").append(anchor(extension)).append('"');
    out.append(tally.fail() == 0 ? " class=\"only-good\"" : "").append("><h3>");
    out.append(Markup.escape(extension)).append(" <small>").append(tally.pass()).append(" of ");
    out.append(results.size()).append("</small></h3>\n<table class=\"matrix\"><thead><tr>");
    out.append("<th scope=\"col\">test</th>");
    for (Witness each : report.witnesses()) {
      out.append("<th scope=\"col\" title=\"").append(Markup.escape(each.text())).append("\">");
      out.append(each.label()).append("</th>");
    }
    out.append("</tr></thead><tbody>\n");
    Map<String, List<TestResult>> subjects = new TreeMap<>();
    for (TestResult each : results) {
      subjects.computeIfAbsent(each.subject(), _ -> new ArrayList<>()).add(each);
    }
    subjects.forEach(this::matrixRow);
    out.append("</tbody></table></section>\n");
  }

  private void matrixRow(String subject, List<TestResult> results) {
    boolean good = SuiteReport.tally(results).fail() == 0;
    out.append(good ? "<tr class=\"only-good\">" : "<tr>");
    out.append("<th scope=\"row\">").append(Markup.escape(subject)).append("</th>");
    for (Witness each : report.witnesses()) {
      cell(each, results);
    }
    out.append("</tr>\n");
  }

  /** What one witness says of all tests of one instruction. */
  private void cell(Witness witness, List<TestResult> results) {
    Outcome worst = null;
    Tally tally = Tally.ZERO;
    StringBuilder hint = new StringBuilder();
    TestResult failed = null;
    for (TestResult each : results) {
      Verdict verdict = each.verdicts().get(witness);
      if (verdict != null) {
        worst = worst == null ? verdict.outcome() : worst.worse(verdict.outcome());
        tally = tally.plus(verdict.outcome(), verdict.seconds());
        hint.append(hint.isEmpty() ? "" : "\n").append(each.name()).append(": ");
        hint.append(verdict.reason().isEmpty() ? seconds(verdict.seconds()) : verdict.reason());
        failed = failed == null && verdict.outcome() == Outcome.FAIL ? each : failed;
      }
    }
    if (worst == null) {
      out.append("<td></td>");
      return;
    }
    out.append("<td class=\"").append(worst.label()).append("\" title=\"");
    out.append(Markup.escape(hint.toString())).append("\">");
    String text = symbol(worst) + (results.size() > 1 ? count(worst, tally) : "");
    out.append(
        failed == null ? text : "<a href=\"#" + failureAnchor(failed) + "\">" + text + "</a>");
    out.append("</td>");
  }

  private static String count(Outcome worst, Tally tally) {
    return " " + tally.of(worst) + "/" + (tally.pass() + tally.fail() + tally.skip());
  }

  private static String symbol(Outcome outcome) {
    return switch (outcome) {
      case PASS -> "\u2713";
      case FAIL -> "\u2717";
      case SKIP -> "\u2013";
    };
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.2f s", seconds);
  }

  private static String anchor(String extension) {
    return Markup.escape("matrix-" + extension.replaceAll("[^\\w.-]", "-"));
  }

  private static String failureAnchor(TestResult result) {
    return Markup.escape(
        "failure-" + (result.suite() + "/" + result.name()).replaceAll("[^\\w./-]", "-"));
  }
}
