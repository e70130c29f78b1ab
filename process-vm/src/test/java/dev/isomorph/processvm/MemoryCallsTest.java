package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the memory calls answer a guest, they answer a program of the host too. */
class MemoryCallsTest {
  @TempDir Path folder;

  @Test
  void answersAreTheHostsOwn() throws Exception {
    CProgram.assumePresent(CProgram.GUEST_COMPILER);
    CProgram.assumePresent(CProgram.HOST_COMPILER);
    Path source = folder.resolve("memory-calls.c");
    try (InputStream stream = MemoryCallsTest.class.getResourceAsStream("/memory-calls.c")) {
      Files.copy(stream, source);
    }
    compile(CProgram.HOST_COMPILER, source, "native");
    compile(CProgram.GUEST_COMPILER, source, "guest");
    GuestRun.Outcome expected = GuestRun.start(folder, Map.of(), List.of("./native"));
    GuestRun.Outcome outcome = GuestRun.start(folder, Map.of(), GuestRun.command("./guest"));
    assertEquals(expected.output(), outcome.output());
    assertEquals(expected.status(), outcome.status());
  }

  private void compile(String compiler, Path source, String target)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            compiler, "-static", "-w", "-o", folder.resolve(target).toString(), source.toString());
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    assumeTrue(status == 0, compiler + " cannot make static programs");
  }
}
