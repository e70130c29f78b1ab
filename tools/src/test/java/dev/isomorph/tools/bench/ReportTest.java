package dev.isomorph.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.tools.Qemu;
import dev.isomorph.tools.bench.Result.Machine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {
  private static Result result(String path, double host, double isomorph, double qemu) {
    return Result.of(
        Benchmark.of(Path.of(path)),
        Map.of(
            Machine.NATIVE,
            List.of(host, host * 9, host / 9),
            Machine.ISOMORPH,
            List.of(isomorph / 2, isomorph * 3 / 2),
            Machine.QEMU,
            List.of(qemu)));
  }

  private static final List<Result> RESULTS =
      List.of(
          result("/x/integer/a.c", 1, 2, 4),
          result("/x/integer/b.c", 1, 8, 16),
          result("/x/float/c.c", 1, 4, 32),
          Result.failed(Benchmark.of(Path.of("/x/float/d.c")), "DIFFERENT: under QEMU status 1"));

  @Test
  void mediansOfOddAndEvenCounts() {
    assertEquals(1.0, RESULTS.get(0).seconds().get(Machine.NATIVE));
    assertEquals(2.0, RESULTS.get(0).seconds().get(Machine.ISOMORPH));
  }

  @Test
  void meansAreGeometricAndLeaveFailuresOut() {
    assertEquals(4.0, Result.geometricMean(RESULTS, Machine.ISOMORPH, Machine.NATIVE), 1e-12);
    String means = new Report(RESULTS, 3, null).means();
    assertTrue(
        means.matches("(?s)mean float +4.00 +8.00\nmean integer +4.00 +2.00\nmean all .*"), means);
  }

  @Test
  void anUnknownTimeGivesNoRatio() {
    Result alone = Result.of(Benchmark.of(Path.of("/x/a")), Map.of(Machine.ISOMORPH, List.of(2.0)));
    assertTrue(Double.isNaN(alone.ratio(Machine.ISOMORPH, Machine.NATIVE)));
    assertTrue(Report.row(alone).matches("a +- +2.000 s +- +- +-\n"), Report.row(alone));
  }

  @Test
  void jsonHoldsTimesRatiosAndProblems() {
    String json = new Report(RESULTS, 3, new Qemu(Path.of("q"), 7, "7.2.1")).json();
    assertTrue(json.contains("\"qemu\": \"7.2.1\""), json);
    assertTrue(json.contains("\"qemuToIsomorph\": 2.0"), json);
    assertTrue(json.contains("\"problem\": \"DIFFERENT: under QEMU status 1\""), json);
    assertTrue(json.contains("\"geometricMeans\""), json);
  }

  @Test
  void theBundledProgramsAreFound(@org.junit.jupiter.api.io.TempDir Path scratch) throws Exception {
    List<String> groups =
        BenchmarkSet.bundled(scratch).stream().map(Benchmark::group).distinct().toList();
    assertEquals(List.of("float", "integer"), groups);
  }
}
