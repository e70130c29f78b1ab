package dev.isomorph.tools.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.tools.GuestElf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

/** The whole command, with a script in the place of Isomorph that looks at a program's name. */
@Isolated("replaces the standard streams")
final class SuiteCommandTest {
  @TempDir Path scratch;
  private Path tests;
  private Path launcher;

  private record Outcome(int status, String output) {
    /** The output with all times of one length. */
    String timeless() {
      return output.replaceAll(" +\\d+\\.\\d s", " T");
    }
  }

  @BeforeEach
  void makeLauncher() throws IOException {
    tests = Files.createDirectory(scratch.resolve("my tests"));
    launcher = scratch.resolve("launcher");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        for last; do :; done
        if [ "$*" = "boot --bios none --no-reboot --kernel $last" ]; then
          case $last in
            *-p-five) exit 5 ;;
            *-p-*) exit 0 ;;
          esac
        fi
        [ "$1" = run ] || exit 99
        [ -z "$(ls)" ] || exit 98
        case $last in
          *echo) cat ;;
          *-two) exit 2 ;;
          *-hang) echo waiting >&2; sleep 1000 ;;
          *-killed) kill -9 $$ ;;
          *-unequal) case $* in *execute=translated*) exit 1 ;; esac ;;
          *-unlike) case $* in *evaluated*) echo other ;; *) echo same ;; esac ;;
        esac
        """);
    assertTrue(launcher.toFile().setExecutable(true));
  }

  private void program(String... names) throws IOException {
    for (String each : names) {
      GuestElf.exit(0).write(tests.resolve(each));
    }
  }

  private static Outcome execute(String... words) {
    PrintStream real = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int status = new CommandLine(new SuiteCommand()).execute(words);
      return new Outcome(status, out.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(real);
    }
  }

  private Outcome suite(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "--isomorph=" + launcher;
    all[1] = tests.toString();
    System.arraycopy(words, 0, all, 2, words.length);
    return execute(all);
  }

  @Test
  void aSuiteThatPasses() throws IOException {
    program("rv64ui-add", "rv64um-mul", "echo");
    Files.writeString(tests.resolve("echo.in"), "1\n2\n");
    Files.writeString(tests.resolve("echo.out"), "1\n2\n");
    Outcome outcome = suite();
    assertEquals(0, outcome.status, outcome.output);
    assertEquals(
        """
        extension      pass   fail   skip       time
        my tests          1      0      0 T
        rv64ui            1      0      0 T
        rv64um            1      0      0 T
        all               3      0      0 T
        """,
        outcome.timeless());
  }

  @Test
  void everyFailureIsTold() throws IOException {
    program("rv64ui-two", "rv64ui-killed", "echo");
    Files.writeString(tests.resolve("echo.in"), "1\n2\n");
    Files.writeString(tests.resolve("echo.out"), "1\n3\n");
    Outcome outcome = suite();
    assertEquals(1, outcome.status);
    String run = launcher + " run --execute=translated '" + tests + "/";
    assertTrue(
        outcome.output.startsWith(
            "FAIL echo: line 2 of the output is \"2\", expected \"3\"\n     "
                + run
                + "echo' <'"
                + tests
                + "/echo.in'\n"
                + "FAIL rv64ui-killed: exit status 137 (as by signal 9), expected 0\n     "
                + run
                + "rv64ui-killed'\n"
                + "FAIL rv64ui-two: exit status 2, expected 0\n"),
        outcome.output);
  }

  @Test
  void whatGoesOnForeverIsEnded() throws IOException {
    program("rv64ui-hang");
    Outcome outcome = suite("--timeout=1", "--jobs=1");
    assertEquals(1, outcome.status);
    assertTrue(outcome.output.contains("FAIL rv64ui-hang: no end within 1 s\n"), outcome.output);
  }

  @Test
  void whatCannotRunHereIsSkippedWithItsReason() throws IOException {
    GuestElf.exit(0).elfClass(1).write(tests.resolve("rv32ui-add"));
    Outcome outcome = suite();
    assertEquals(0, outcome.status);
    assertEquals(
        """
        SKIP 1 test: for RV32

        extension      pass   fail   skip       time
        rv32ui            0      0      1 T
        all               0      0      1 T
        """,
        outcome.timeless());
  }

  @Test
  void programsForABareMachineRunOnOne() throws IOException {
    GuestElf.exit(0).symbol("tohost", 0x80001000L).write(tests.resolve("rv64ui-p-add"));
    GuestElf.exit(0).symbol("tohost", 0x80001000L).write(tests.resolve("rv64ui-p-five"));
    Outcome outcome = suite();
    assertEquals(1, outcome.status);
    assertTrue(
        outcome.output.startsWith(
            "FAIL rv64ui-p-five: tells of failure 5\n     "
                + launcher
                + " boot --bios none --no-reboot --kernel '"
                + tests
                + "/rv64ui-p-five'\n"),
        outcome.output);
    assertTrue(outcome.output.contains("rv64ui            1      1      0"), outcome.output);
  }

  @Test
  void witnessesAreCompared() throws IOException {
    program("rv64ui-unlike", "rv64ui-add");
    Outcome outcome = suite("--witness=evaluator", "--witness=no-optimizer");
    assertEquals(1, outcome.status);
    assertTrue(
        outcome.output.startsWith(
            "FAIL rv64ui-unlike [evaluator]: line 1 of the output is \"other\", under code"
                + " \"same\"\n     "
                + launcher
                + " run --execute=evaluated "),
        outcome.output);
    assertTrue(
        outcome
            .timeless()
            .endsWith(
                """
                witness        pass   fail   skip       time
                code              2      0      0 T
                no-optimizer      2      0      0 T
                evaluator         1      1      0 T
                """),
        outcome.output);
  }

  @Test
  void whoIsRightIsNotBlamedForAnother() throws IOException {
    program("rv64ui-unequal");
    Outcome outcome = suite("--witness=evaluator,no-optimizer");
    assertEquals(1, outcome.status);
    assertTrue(
        outcome.output.startsWith("FAIL rv64ui-unequal [code]: exit status 1, expected 0\n"),
        outcome.output);
    assertEquals(1, outcome.output.split("FAIL").length - 1);
  }

  @Test
  void aLinkLeadsToTheFolder() throws IOException {
    program("rv64ui-add");
    tests = Files.createSymbolicLink(scratch.resolve("link"), tests);
    Outcome outcome = suite("--json");
    assertEquals(0, outcome.status);
    assertEquals(Set.of("link"), ReportJson.read(outcome.output).suites());
  }

  @Test
  void shardsMergeToTheWhole() throws IOException {
    program("rv64ui-add", "rv64ui-addi", "rv64ui-two", "rv64um-mul");
    String[] words = new String[6];
    words[0] = "merge";
    for (int i = 1; i <= 3; i++) {
      Outcome shard = suite("--json", "--shard=" + i + "/3");
      words[i] = Files.writeString(scratch.resolve("shard-" + i), shard.output).toString();
    }
    Path html = scratch.resolve("report.html");
    Path junit = scratch.resolve("report.xml");
    words[4] = "--html=" + html;
    words[5] = "--junit=" + junit;
    Outcome merged = execute(words);
    Outcome whole = suite();
    assertEquals(1, merged.status);
    assertEquals(whole.timeless(), merged.timeless());
    assertTrue(Files.readString(html).contains("<h1>my tests</h1>"));
    assertTrue(Files.readString(junit).contains("tests=\"4\" failures=\"1\""));
  }

  @Test
  void aShardMayBeEmpty() throws IOException {
    program("rv64ui-add");
    Outcome outcome = suite("--json", "--shard=1/3");
    assertEquals(0, outcome.status);
    assertEquals(List.of(), ReportJson.read(outcome.output).results());
  }

  @Test
  void withoutTestsTheCallIsWrong() {
    assertEquals(2, suite().status);
    assertEquals(2, execute("merge", scratch.resolve("none").toString()).status);
    assertEquals(2, execute("merge", launcher.toString()).status);
  }
}
