package dev.isomorph.tools.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.tools.suite.SuiteReport.Tally;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What is made of results: tallies, merged reports, and their four forms. */
final class SuiteReportTest {
  @Test
  void theWorstVerdictIsTheTestsAndSkipsAreTheLeast() {
    SuiteReport report = Reports.mixed();
    assertEquals(new Tally(1, 2, 1, 5.25), report.tally());
    assertEquals(2, report.tally(Witness.CODE).pass());
    assertEquals(1, report.tally(Witness.EVALUATOR).fail());
    assertFalse(report.isGood());
    assertEquals(List.of("other", "rv64ui", "rv64um"), List.copyOf(report.byExtension().keySet()));
  }

  @Test
  void jsonIsReadAsItWasWritten() throws IOException {
    SuiteReport report = Reports.mixed();
    assertEquals(report, ReportJson.read(ReportJson.write(report)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"format\":\"isomorph-suite-1\"}",
        "{\"format\":\"isomorph-suite-1\",\"suites\":[],\"witnesses\":[\"nobody\"],\"tests\":[]}",
        "{\"format\":\"isomorph-suite-1\",\"suites\":[],\"witnesses\":[],\"tests\":[],"
            + "\"started\":\"now\"}",
        "{\"format\":\"isomorph-suite-1\",\"suites\":[],\"witnesses\":[],\"tests\":[{}]}"
      })
  void otherJsonIsRefused(String text) {
    assertThrows(IOException.class, () -> ReportJson.read(text));
  }

  @Test
  void shardsMergeToTheWholeInAnyOrder() {
    SuiteReport whole = Reports.mixed();
    SuiteReport one = part(whole, 0, 2);
    SuiteReport two = part(whole, 2, 4);
    assertEquals(whole, SuiteReport.merge(List.of(one, two)));
    assertEquals(whole, SuiteReport.merge(List.of(two, one, two)));
  }

  private static SuiteReport part(SuiteReport whole, int from, int to) {
    return new SuiteReport(
        whole.suites(), whole.started(), whole.witnesses(), whole.results().subList(from, to));
  }

  @Test
  void ofTwoVerdictsTheWorseCounts() {
    TestResult pass = Reports.result("x", Map.of(Witness.CODE, Verdict.pass(1)));
    TestResult fail = Reports.result("x", Map.of(Witness.CODE, Verdict.fail("no")));
    TestResult skip = Reports.result("x", Map.of(Witness.QEMU, Verdict.skip("no")));
    for (List<SuiteReport> order :
        List.of(
            List.of(Reports.report(pass), Reports.report(fail), Reports.report(skip)),
            List.of(Reports.report(skip), Reports.report(fail), Reports.report(pass)))) {
      SuiteReport merged = SuiteReport.merge(order);
      assertEquals(1, merged.results().size());
      Map<Witness, Verdict> verdicts = merged.results().getFirst().verdicts();
      assertEquals(Outcome.FAIL, verdicts.get(Witness.CODE).outcome());
      assertEquals(Outcome.SKIP, verdicts.get(Witness.QEMU).outcome());
    }
  }

  @Test
  void testsOfDifferentSuitesStayApart() {
    TestResult one = Reports.result("x", Map.of(Witness.CODE, Verdict.pass(1)));
    TestResult two =
        new TestResult("second", "x", "x", "x", Map.of(Witness.CODE, Verdict.fail("no")));
    SuiteReport second =
        new SuiteReport(
            Set.of("second"), Reports.STARTED.minusSeconds(1), Set.of(Witness.CODE), List.of(two));
    SuiteReport merged = SuiteReport.merge(List.of(Reports.report(one), second));
    assertEquals(List.of(two, one), merged.results());
    assertEquals("second, top", merged.title());
    assertEquals(second.started(), merged.started());
  }

  @Test
  void oneReasonOfSeveralWitnessesIsToldOnce() {
    SuiteReport report =
        Reports.report(
            Reports.result(
                "x",
                Map.of(
                    Witness.CODE, Reports.failure("one"),
                    Witness.EVALUATOR, Reports.failure("two"),
                    Witness.QEMU, Reports.failure("one"))));
    String table = SummaryTable.of(report);
    assertTrue(
        table.startsWith(
            """
            FAIL x [code, qemu]: one
                 run <me> & see
            FAIL x [evaluator]: two
                 run <me> & see

            """),
        table);
    assertTrue(HtmlReport.write(report).contains("<b>code, qemu</b>: one"));
  }

  @Test
  void theTableTellsAll() {
    assertEquals(
        """
        FAIL rv64ui-v-add [code]: a < b
             run <me> & see
        FAIL rv64um-mul [evaluator]: "quoted"
             run <me> & see
        SKIP 1 test: why

        extension      pass   fail   skip       time
        other             0      0      1      0.0 s
        rv64ui            1      1      0      4.0 s
        rv64um            0      1      0      1.3 s
        all               1      2      1      5.3 s

        witness        pass   fail   skip       time
        code              2      1      1      2.8 s
        evaluator         2      1      1      2.5 s
        """,
        SummaryTable.of(Reports.mixed()));
  }

  @Test
  void junitXmlHasACaseForEachVerdict() throws Exception {
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(JunitXml.write(Reports.mixed()))))
            .getDocumentElement();
    assertEquals("8", root.getAttribute("tests"));
    assertEquals("2", root.getAttribute("failures"));
    assertEquals("2", root.getAttribute("skipped"));
    NodeList cases = root.getElementsByTagName("testcase");
    assertEquals(8, cases.getLength());
    Element failed = (Element) root.getElementsByTagName("failure").item(0);
    assertEquals("a < b", failed.getAttribute("message"));
    assertEquals("run <me> & see", failed.getTextContent());
    Element test = (Element) failed.getParentNode();
    assertEquals("rv64ui", test.getAttribute("classname"));
    assertEquals("rv64ui-v-add [code]", test.getAttribute("name"));
    assertEquals("0.250", test.getAttribute("time"));
    assertEquals(
        "line\ufffd one\nline two",
        test.getElementsByTagName("system-err").item(0).getTextContent());
  }

  @Test
  void theHtmlPageIsWholeAndItsLinksLeadSomewhere() {
    String html = HtmlReport.write(Reports.mixed());
    assertFalse(
        Pattern.compile("(?:src|href)=\"(?!#)|<script|@import|url\\(").matcher(html).find());
    Set<String> targets = new HashSet<>();
    Matcher ids = Pattern.compile(" id=\"([^\"]+)\"").matcher(html);
    while (ids.find()) {
      assertTrue(targets.add(ids.group(1)), ids.group(1));
    }
    Matcher links = Pattern.compile("href=\"#([^\"]+)\"").matcher(html);
    int count = 0;
    while (links.find()) {
      assertTrue(targets.contains(links.group(1)), links.group(1));
      count++;
    }
    assertEquals(3 + 2, count, "one for each extension and each cell that failed");
    assertTrue(html.contains("a &lt; b"));
    // Two tests of one instruction share a cell, which shows the worse.
    assertTrue(html.contains("\u2717 1/2</a></td><td class=\"pass\""), html);
  }

  @Test
  void theHtmlPageIsWellFormed() throws Exception {
    String xml =
        HtmlReport.write(Reports.mixed())
            .replace("<!DOCTYPE html>\n", "")
            .replaceAll("<(meta|input)([^>]*)>", "<$1$2/>");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
