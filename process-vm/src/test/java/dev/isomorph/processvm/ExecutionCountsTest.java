package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a program is run, it is said to have executed the same number of its instructions. */
class ExecutionCountsTest {
  @TempDir static Path folder;

  @BeforeAll
  static void compile() throws Exception {
    CProgram.assumePresent(CProgram.GUEST_COMPILER);
    Path source = folder.resolve("counts.c");
    try (InputStream stream = ExecutionCountsTest.class.getResourceAsStream("/counts.c")) {
      Files.copy(stream, source);
    }
    String program = folder.resolve("counts").toString();
    List<String> command =
        List.of(CProgram.GUEST_COMPILER, "-O2", "-static", "-o", program, source.toString(), "-lm");
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    assumeTrue(status == 0, "no static programs can be made");
  }

  @Test
  void doNotDependOnHowItRuns() throws Exception {
    long evaluated = guestInstructions("-evaluated");
    assertTrue(evaluated > 1_000_000, "instructions: " + evaluated);
    assertEquals(evaluated, guestInstructions());
    assertEquals(evaluated, guestInstructions("-regions"));
    assertEquals(evaluated, guestInstructions("-unoptimised"));
    assertEquals(evaluated, guestInstructions("-code-cache", "262144"));
  }

  private static long guestInstructions(String... options) throws Exception {
    Path file = Files.createTempFile(folder, "counts", ".json");
    List<String> command = GuestRun.command(options);
    command.addAll(List.of("-counts", file.toString(), "./counts"));
    assertEquals(0, GuestRun.start(folder, Map.of(), command).status());
    Matcher count = Pattern.compile("\"guest\": (\\d+)").matcher(Files.readString(file));
    assertTrue(count.find());
    return Long.parseLong(count.group(1));
  }
}
