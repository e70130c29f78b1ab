package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What perf is told of translations. */
class PerfMapTest {
  private static final Pattern LINE = Pattern.compile("([0-9a-f]+) ([0-9a-f]+) (\\S.*)");

  @TempDir Path folder;

  @Test
  void namesStubsBlocksAndRegions() throws Exception {
    CProgram.assumePresent(CProgram.GUEST_COMPILER);
    Path source = folder.resolve("counts.c");
    try (InputStream stream = PerfMapTest.class.getResourceAsStream("/counts.c")) {
      Files.copy(stream, source);
    }
    String program = folder.resolve("counts").toString();
    assumeTrue(
        start(List.of(CProgram.GUEST_COMPILER, "-static", "-o", program, source + "", "-lm"))
                .waitFor()
            == 0,
        "no static programs can be made");
    List<String> usual = mapOf(program);
    assertTrue(usual.stream().anyMatch(line -> line.endsWith(" stub enter")));
    assertTrue(usual.stream().anyMatch(line -> line.endsWith(" block main")));
    assertNothingOverlaps(usual);
    List<String> inRegions = mapOf("-regions", program);
    assertTrue(
        inRegions.stream().anyMatch(line -> line.matches(".* region main \\(from 0x[0-9a-f]+\\)")));
    assertTrue(
        inRegions.stream()
            .anyMatch(line -> line.matches(".* region \\S+ \\(loop at 0x[0-9a-f]+\\)")));
    assertNothingOverlaps(inRegions);
  }

  private List<String> mapOf(String... words) throws Exception {
    List<String> command = GuestRun.command("-perf");
    command.addAll(List.of(words));
    Process run = start(command);
    assertEquals(0, run.waitFor());
    Path map = Path.of("/tmp/perf-" + run.pid() + ".map");
    List<String> lines = Files.readAllLines(map);
    Files.delete(map);
    return lines;
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.INHERIT)
        .start();
  }

  private static void assertNothingOverlaps(List<String> lines) {
    TreeMap<Long, Long> ends = new TreeMap<>();
    for (String line : lines) {
      Matcher parts = LINE.matcher(line);
      assertTrue(parts.matches(), line);
      long address = Long.parseUnsignedLong(parts.group(1), 16);
      ends.put(address, address + Long.parseUnsignedLong(parts.group(2), 16));
    }
    long last = 0;
    for (Map.Entry<Long, Long> each : ends.entrySet()) {
      assertTrue(each.getKey() >= last, Long.toHexString(last));
      last = each.getValue();
    }
  }
}
