package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    String source = "memory-calls";
    CProgram.compile(CProgram.HOST_COMPILER, source, folder.resolve("native"), "-w");
    CProgram.compile(CProgram.GUEST_COMPILER, source, folder.resolve("guest"), "-w");
    GuestRun.Outcome expected = GuestRun.start(folder, Map.of(), List.of("./native"));
    GuestRun.Outcome outcome = GuestRun.start(folder, Map.of(), GuestRun.command("./guest"));
    assertEquals(expected.output(), outcome.output());
    assertEquals(expected.status(), outcome.status());
  }
}
