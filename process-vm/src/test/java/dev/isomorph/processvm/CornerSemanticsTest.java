package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What programs are told of instructions that cannot be completed, what misaligned accesses,
 * reservations, new code and counters do: {@code corners.c} checks it and says what is wrong.
 */
class CornerSemanticsTest {
  @TempDir static Path folder;

  @BeforeAll
  static void compile() throws Exception {
    CProgram.assumePresent(CProgram.GUEST_COMPILER);
    Path source = folder.resolve("corners.c");
    try (InputStream stream = CornerSemanticsTest.class.getResourceAsStream("/corners.c")) {
      Files.copy(stream, source);
    }
    String program = folder.resolve("corners").toString();
    List<String> command =
        List.of(CProgram.GUEST_COMPILER, "-O1", "-static", "-o", program, source.toString());
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    assumeTrue(status == 0, "no static programs can be made");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-unoptimised", "-evaluated"})
  void areAsOnLinux(String execution) throws Exception {
    List<String> command =
        execution.isEmpty()
            ? GuestRun.command("./corners")
            : GuestRun.command(execution, "./corners");
    assertEquals(new GuestRun.Outcome(0, "", ""), GuestRun.start(folder, Map.of(), command));
  }
}
