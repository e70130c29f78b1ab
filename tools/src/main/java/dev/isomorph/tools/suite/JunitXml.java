package dev.isomorph.tools.suite;

import dev.isomorph.tools.Markup;
import dev.isomorph.tools.suite.SuiteReport.Tally;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A report in the XML that JUnit's Ant task began and all continuous integration reads: a suite for
 * each extension, a case for each test under each witness.
 */
final class JunitXml {
  private final SuiteReport report;
  private final StringBuilder out = new StringBuilder();

  private JunitXml(SuiteReport report) {
    this.report = report;
  }

  static String write(SuiteReport report) {
    JunitXml xml = new JunitXml(report);
    xml.document();
    return xml.out.toString();
  }

  private void document() {
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    Tally all = Tally.ZERO;
    for (TestResult each : report.results()) {
      all = plus(all, each);
    }
    out.append("<testsuites").append(attribute("name", report.title())).append(counts(all));
    out.append(">\n");
    report.byExtension().forEach(this::suite);
    out.append("</testsuites>\n");
  }

  /** Here every verdict counts, elsewhere every test. */
  private static Tally plus(Tally tally, TestResult result) {
    Tally sum = tally;
    for (Verdict each : result.verdicts().values()) {
      sum = sum.plus(each.outcome(), each.seconds());
    }
    return sum;
  }

  private void suite(String extension, List<TestResult> results) {
    Tally tally = Tally.ZERO;
    for (TestResult each : results) {
      tally = plus(tally, each);
    }
    out.append("  <testsuite").append(attribute("name", extension)).append(counts(tally));
    out.append(attribute("timestamp", report.started().toString())).append(">\n");
    for (TestResult result : results) {
      for (Map.Entry<Witness, Verdict> each : result.verdicts().entrySet()) {
        testCase(result, each.getKey(), each.getValue());
      }
    }
    out.append("  </testsuite>\n");
  }

  private void testCase(TestResult result, Witness witness, Verdict verdict) {
    String name =
        report.witnesses().size() > 1
            ? result.name() + " [" + witness.label() + "]"
            : result.name();
    out.append("    <testcase").append(attribute("classname", result.extension()));
    out.append(attribute("name", name)).append(time(verdict.seconds()));
    switch (verdict.outcome()) {
      case PASS -> out.append("/>\n");
      case SKIP ->
          out.append("><skipped")
              .append(attribute("message", verdict.reason()))
              .append("/></testcase>\n");
      case FAIL -> {
        out.append(">\n      <failure").append(attribute("message", verdict.reason())).append('>');
        out.append(Markup.escape(verdict.command())).append("</failure>\n");
        if (!verdict.errors().isEmpty()) {
          out.append("      <system-err>").append(Markup.escape(verdict.errors()));
          out.append("</system-err>\n");
        }
        out.append("    </testcase>\n");
      }
    }
  }

  private static String counts(Tally tally) {
    int tests = tally.pass() + tally.fail() + tally.skip();
    return attribute("tests", Integer.toString(tests))
        + attribute("failures", Integer.toString(tally.fail()))
        + attribute("skipped", Integer.toString(tally.skip()))
        + attribute("errors", "0")
        + time(tally.seconds());
  }

  private static String time(double seconds) {
    return attribute("time", String.format(Locale.ROOT, "%.3f", seconds));
  }

  private static String attribute(String name, String value) {
    return " " + name + "=\"" + Markup.escape(value) + "\"";
  }
}
