package dev.isomorph.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("replaces the standard streams")
final class CommandLineToolTest {
  private final PrintStream realOut = System.out;
  private final PrintStream realErr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    System.setOut(realOut);
    System.setErr(realErr);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "root --help",
        "disasm --help",
        "bench --help",
        "trace --help",
        "diff --help",
        "suite --help",
        "boot --help",
        "suite merge --help"
      })
  void helpTeachesByExampleOnANarrowTerminal(String words) {
    assertEquals(0, CommandLineTool.execute(words.split(" ")));
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("Examples:\n  isomorph "), text);
    for (String line : text.split("\n")) {
      assertTrue(line.length() <= 80, line);
    }
  }

  @Test
  void messagesAreIsomorphsOwn(@TempDir Path folder) {
    assertEquals(2, CommandLineTool.execute(new String[] {"diff", "program"}));
    CommandLineTool.execute(new String[] {"disasm", folder.toString()});
    String[] lines = err.toString(StandardCharsets.UTF_8).split("\n");
    assertEquals(
        "isomorph diff: needs one of --log=FILE | --qemu | --qemu-at=FILE | --evaluator"
            + " (see isomorph diff --help)",
        lines[0]);
    assertTrue(lines[1].endsWith(": is a directory"), lines[1]);
  }

  @Test
  void onlyARootsPackagesAreListed(@TempDir Path folder) {
    assertEquals(1, CommandLineTool.execute(new String[] {"root", "--list", folder.toString()}));
    assertEquals(
        "isomorph root: " + folder + ": no root, it has no record of packages\n",
        err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anEmptyNameCanBeSeen() {
    assertEquals(2, CommandLineTool.execute(new String[] {""}));
    assertEquals(
        "isomorph: cannot make sense of '' (see isomorph --help)\n",
        err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void thereIsNoHelpForWhatThereIsNot() {
    assertEquals(2, CommandLineTool.execute(new String[] {"nosuch", "--help"}));
    assertEquals(
        "isomorph: cannot make sense of nosuch (see isomorph --help)\n",
        err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void allCommandsAreListed() {
    CommandLineTool.execute(new String[] {"--help"});
    for (String command :
        new String[] {
          "run", "boot", "root", "disasm", "bench", "suite", "trace", "diff", "explain"
        }) {
      assertTrue(out.toString(StandardCharsets.UTF_8).contains("\n  " + command + " "), command);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frob",
        "--frob",
        "root",
        "disasm",
        "bench --runs x",
        "disasm a b",
        "trace",
        "trace --from x y",
        "trace -o - y",
        "diff --log - y",
        "explain",
        "explain --top 0 x",
        "suite",
        "suite /none/such",
        "suite merge",
        "suite . --shard 3/2",
        "suite . --witness me",
        "suite . --jobs 0",
        "suite . --root /none/such"
      })
  void mistakesAreOneLineAndStatusTwo(String words) {
    assertEquals(2, CommandLineTool.execute(words.split(" ")));
    String text = err.toString(StandardCharsets.UTF_8);
    assertTrue(text.matches("isomorph[^\n]*: [^\n]+ \\(see isomorph[^\n]* --help\\)\n"), text);
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void withoutACommandHelpComesAsAnError() {
    assertEquals(2, CommandLineTool.execute(new String[0]));
    assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("Usage: isomorph"));
  }

  @Test
  void missingFilesAreNamed() {
    assertEquals(1, CommandLineTool.execute(new String[] {"disasm", "/none/such"}));
    assertEquals(
        "isomorph disasm: /none/such: no such file or directory\n",
        err.toString(StandardCharsets.UTF_8));
  }
}
