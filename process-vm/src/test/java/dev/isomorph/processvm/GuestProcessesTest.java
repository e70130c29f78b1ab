package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that make processes; each says by its status whether all went as it should. */
class GuestProcessesTest {
  @TempDir static Path folder;

  @BeforeAll
  static void compile() throws Exception {
    Path program = folder.resolve("processes");
    CProgram.compile(CProgram.GUEST_COMPILER, "processes", program, "-O1", "-pthread");
  }

  private static GuestRun.Outcome run(String... words) throws Exception {
    return GuestRun.start(folder, Map.of(), GuestRun.command(words));
  }

  @ParameterizedTest
  @CsvSource({
    "memory, 0, ''",
    "exec, 33, ''",
    "vfork, 0, ''",
    "wait, 0, ''",
    "groups, 0, ''",
    "pipes, 0, ''",
    "broken-pipes, 0, ''",
    "signal-descriptor, 0, ''",
    "signal-descriptor-and-others, 0, ''",
    "kinds-of-children, 0, ''",
    "sending, 0, ''",
    "timers, 0, ''",
    "surroundings, 0, ''",
    "orphan, 21, 'late\n'",
    "parent-death, 0, ''",
    "threads, 0, ''",
  })
  void processesWorkTogether(String program, int status, String output) throws Exception {
    assertEquals(new GuestRun.Outcome(status, output, ""), run("./processes", program));
  }

  /** What execve answers tells little, and most callers say nothing. */
  @Test
  void whoExecutesAProgramOfTheHostIsToldSo() throws Exception {
    assertEquals(
        new GuestRun.Outcome(
            0,
            "",
            "isomorph: /bin/sh: a program for x86-64, not for riscv64"
                + " (--root names a folder with programs that are)\n"),
        run("./processes", "exec-of-host"));
  }

  @ParameterizedTest
  @CsvSource({"many, 30"})
  void manyAreNoTrouble(String program, int spawned) throws Exception {
    assertEquals(new GuestRun.Outcome(0, "ran".repeat(spawned), ""), run("./processes", program));
  }

  /** Whoever ends the first process from outside does not wait for those it has left behind. */
  @ParameterizedTest
  @CsvSource({"end, 143", "end-by-exit, 3", "end-of-stubborn, 143"})
  void whatIsAskedToEndEnds(String program, int status) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(GuestRun.command("./processes", program));
    Process process = builder.directory(folder.toFile()).start();
    assertEquals(2, process.getInputStream().readNBytes(2).length);
    process.destroy(); // SIGTERM
    assertEquals(status, process.waitFor());
  }

  @Test
  void figuresSayWhoseTheyAre() throws Exception {
    String errors = run("-stats", "./processes", "exec").errors();
    assertTrue(errors.matches("(?s)isomorph: \\S+ \\(pid [1-9][0-9]*\\):\n.*"), errors);
  }
}
