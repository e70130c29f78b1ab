package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs with several threads; each says by its status whether all went as it should. */
class GuestThreadsTest {
  @TempDir static Path folder;

  @BeforeAll
  static void compile() throws Exception {
    Path program = folder.resolve("threads");
    CProgram.compile(CProgram.GUEST_COMPILER, "threads", program, "-O1", "-pthread");
  }

  private static GuestRun.Outcome run(String... words) throws Exception {
    return GuestRun.start(folder, Map.of(), GuestRun.command(words));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create",
        "pingpong",
        "counter",
        "signals",
        "outside",
        "cancel",
        "robust",
        "files",
        "calls",
        "code"
      })
  void threadsWorkTogether(String program) throws Exception {
    assertEquals(new GuestRun.Outcome(0, "", ""), run("./threads", program));
  }

  @ParameterizedTest
  @CsvSource({
    "exit, 42, ''",
    "crash, 139, ''",
    "abort, 134, ''",
    "main-ends, 23, ''",
    "leader-ends, 0, 'late\n'",
    "orphan-signal, 0, ''"
  })
  void theProcessEndsAsOneOfThemSays(String program, int status, String output) throws Exception {
    assertEquals(new GuestRun.Outcome(status, output, ""), run("./threads", program));
  }

  @Test
  void codeIsEvictedWhileOthersRun() throws Exception {
    assertEquals(new GuestRun.Outcome(0, "", ""), run("-code-cache", "1", "./threads", "code"));
  }
}
