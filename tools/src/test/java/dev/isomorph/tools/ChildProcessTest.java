package dev.isomorph.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildProcessTest {
  @TempDir Path scratch;

  private ChildProcess.Outcome run(long seconds, Path input, String script) throws Exception {
    return new ChildProcess(Duration.ofSeconds(seconds))
        .run(List.of("/bin/sh", "-c", script), scratch, input);
  }

  /** What a process wrote just before its end is in the pipe when the end is seen. */
  @RepeatedTest(20)
  void nothingIsLostAtTheEnd() throws Exception {
    ChildProcess.Outcome seen = run(100, null, "echo out; echo err >&2; exit 3");
    assertNull(seen.unfinished());
    assertEquals(3, seen.status());
    assertEquals("out\n", new String(seen.output(), StandardCharsets.UTF_8));
    assertEquals("err\n", seen.errors());
  }

  @Test
  void inputComesFromTheFileOrIsEmpty() throws Exception {
    Path input = Files.writeString(scratch.resolve("input"), "text");
    assertEquals("text", new String(run(100, input, "cat").output(), StandardCharsets.UTF_8));
    assertEquals(0, run(100, null, "cat").output().length);
  }

  @Test
  void signalsAreSeenAsAShellSeesThem() throws Exception {
    assertEquals(128 + 11, run(100, null, "kill -11 $$").status());
    assertFalse(run(100, null, "kill -11 $$").wasInterrupted());
    // A shell cannot stop ignoring what it ignored from its start, as in the background.
    String interrupted = "exec env --default-signal=INT sh -c 'kill -INT $$'";
    assertTrue(run(100, null, interrupted).wasInterrupted());
  }

  @Test
  void whatWasWrittenBeforeTheLimitIsKept() throws Exception {
    ChildProcess.Outcome seen = run(1, null, "echo begun; echo why >&2; sleep 1000 & wait");
    assertEquals("no end within 1 s", seen.unfinished());
    assertEquals("begun\n", new String(seen.output(), StandardCharsets.UTF_8));
    assertEquals("why\n", seen.errors());
  }

  @Test
  void endlessOutputEndsTheProcess() throws Exception {
    ChildProcess.Outcome seen = run(100, null, "exec cat /dev/zero");
    assertEquals("writes more than 64 MiB", seen.unfinished());
  }
}
