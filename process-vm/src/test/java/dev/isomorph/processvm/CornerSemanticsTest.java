package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    Path program = folder.resolve("corners");
    CProgram.compile(CProgram.GUEST_COMPILER, "corners", program, "-O1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-regions", "-unoptimised", "-evaluated"})
  void areAsOnLinux(String execution) throws Exception {
    List<String> command =
        execution.isEmpty()
            ? GuestRun.command("./corners")
            : GuestRun.command(execution, "./corners");
    assertEquals(new GuestRun.Outcome(0, "", ""), GuestRun.start(folder, Map.of(), command));
  }
}
