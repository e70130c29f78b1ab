package dev.isomorph.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.tools.JsonReader;
import dev.isomorph.tools.bench.Machine.Kind;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

final class ReportTest {
  private static final Machine OLD = Machine.qemu("7.2");
  private static final Machine NEW = Machine.qemu("11.1");
  private static final List<Machine> MACHINES = List.of(Machine.NATIVE, Machine.ISOMORPH, OLD, NEW);

  private static List<Timer.Run> runs(double... seconds) {
    List<Timer.Run> runs = new ArrayList<>();
    for (double each : seconds) {
      runs.add(new Timer.Run(each, each / 4, false, 2048, 0, new byte[0], ""));
    }
    return runs;
  }

  private static Result result(String path, double host, double isomorph, double old, double now) {
    Map<Machine, List<Timer.Run>> times = new LinkedHashMap<>();
    times.put(Machine.NATIVE, runs(host, host * 9, host / 9));
    times.put(Machine.ISOMORPH, runs(isomorph / 2, isomorph * 3 / 2));
    times.put(OLD, runs(old));
    times.put(NEW, runs(now));
    return Result.of(Benchmark.of(Path.of(path)), times, 1.5);
  }

  private static final List<Result> RESULTS =
      List.of(
          result("/x/integer/a.c", 1, 2, 4, 5),
          result("/x/integer/b.c", 1, 8, 17, 16),
          result("/x/float/c<&.c", 1, 4, 32, 33),
          Result.failed(Benchmark.of(Path.of("/x/float/d.c")), "DIFFERENT: under qemu status 1"));

  @Test
  void mediansOfOddAndEvenCounts() {
    assertEquals(1.0, RESULTS.get(0).of(Kind.NATIVE).seconds());
    assertEquals(2.0, RESULTS.get(0).of(Kind.ISOMORPH).seconds());
    assertEquals(0.5, RESULTS.get(0).of(Kind.ISOMORPH).warm());
    assertEquals(2048, RESULTS.get(0).of(Kind.ISOMORPH).peakKib());
  }

  @Test
  void theFasterQemuCounts() {
    assertEquals(4, RESULTS.get(0).of(Kind.QEMU).seconds());
    assertEquals(16, RESULTS.get(1).of(Kind.QEMU).seconds());
  }

  @Test
  void meansAreGeometricAndLeaveFailuresOut() {
    assertEquals(4.0, Ratios.ISOMORPH_TO_NATIVE.mean(RESULTS), 1e-12);
    String summary = Report.summary(RESULTS);
    assertTrue(
        summary.matches(
            "(?s)mean integer +4.00 +4.00 +2.00 +2.00 +1.50\n"
                + "mean float +4.00 +4.00 +8.00 +8.00 +1.50\nmean all .*"),
        summary);
  }

  @Test
  void whatLosesIsNamed() {
    String summary = Report.summary(RESULTS);
    assertTrue(summary.contains("slower than qemu: none\n"), summary);
    assertTrue(summary.contains("over 3 times native: b, c<&\n"), summary);
    Result loser = result("/x/float/slow.c", 1, 10, 5, 20);
    assertTrue(Report.summary(List.of(loser)).contains("slower than qemu: slow\n"));
  }

  @Test
  void theMemoryOfBothIsShown() {
    String row = Report.row(RESULTS.get(0));
    assertTrue(row.matches("a .* 2.00 +2 +2 +1.50\n"), row);
  }

  @Test
  void anUnknownTimeGivesNoRatio() {
    Benchmark benchmark = Benchmark.of(Path.of("/x/a"));
    Timer.Run run = new Timer.Run(2, Double.NaN, false, 0, 0, new byte[0], "");
    Result alone = Result.of(benchmark, Map.of(Machine.ISOMORPH, List.of(run)), Double.NaN);
    assertTrue(Double.isNaN(Ratios.ISOMORPH_TO_NATIVE.of(alone)));
    assertTrue(Report.row(alone).matches("a +- +2.000 s( +-){8}\n"), Report.row(alone));
  }

  @Test
  void jsonHoldsTimesRatiosAndProblems() throws Exception {
    Map<?, ?> json =
        (Map<?, ?>) JsonReader.read(ReportJson.write(RESULTS, 3, 0.5, Clock.WALL, true, MACHINES));
    assertEquals(List.of("native", "isomorph", "qemu 7.2", "qemu 11.1"), json.get("machines"));
    assertEquals(true, json.get("translationsKept"));
    List<?> programs = (List<?>) json.get("programs");
    Map<?, ?> first = (Map<?, ?>) programs.get(0);
    assertEquals(2.0, first.get("qemuToIsomorph"));
    assertEquals(1.5, first.get("hostPerGuest"));
    Map<?, ?> machines = (Map<?, ?>) first.get("machines");
    assertEquals(5.0, ((Map<?, ?>) machines.get("qemu 11.1")).get("seconds"));
    assertEquals("DIFFERENT: under qemu status 1", ((Map<?, ?>) programs.get(3)).get("problem"));
    Map<?, ?> means = (Map<?, ?>) json.get("geometricMeans");
    assertEquals(List.of("integer", "float", "all"), List.copyOf(means.keySet()));
    assertEquals(List.of("b", "c<&"), json.get("slowerThanThreeTimesNative"));
  }

  @Test
  void theChartIsOneWellFormedPage() throws Exception {
    String page = Chart.page(RESULTS, 3, 0.5, Clock.WALL, MACHINES);
    String xml = page.replace("<!doctype html>\n", "").replaceAll("<meta[^>]*>|<br>", "");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
    assertTrue(page.contains(">c&lt;&amp;</text>"), page);
    assertTrue(page.contains("d: DIFFERENT: under qemu status 1"), page);
    assertFalse(page.matches("(?s).*(src|href)=.*"), "nothing from elsewhere");
  }

  @Test
  void theBundledProgramsAreThereAndDocumented(@TempDir Path scratch) throws Exception {
    List<Benchmark> set = BenchmarkSet.bundled(scratch);
    assertEquals(
        List.of("integer", "float", "memory", "calls", "indirect", "system", "short"),
        set.stream().map(Benchmark::group).distinct().toList());
    String document = Files.readString(Path.of("../docs/benchmarks.md"));
    for (Benchmark each : set) {
      assertTrue(Files.isReadable(each.file()), each.name());
      assertTrue(document.contains("| " + each.name() + " | " + each.text()), each.name());
    }
    for (Benchmark each : RealPrograms.benchmarks()) {
      assertTrue(document.contains("| " + each.name() + " | " + each.text()), each.name());
    }
  }
}
