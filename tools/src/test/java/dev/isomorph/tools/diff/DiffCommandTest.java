package dev.isomorph.tools.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isomorph.tools.MainProcess;
import dev.isomorph.tools.Qemu;
import dev.isomorph.tools.trace.LogFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DiffCommandTest {
  private static final String HELLO = "../examples/hello/hello";

  private Path directory;
  private List<String> log;

  @BeforeAll
  void trace(@TempDir Path shared) throws IOException {
    directory = shared;
    Path file = directory.resolve("log.zst");
    MainProcess.run(directory, "trace", "-o", file.toString(), HELLO);
    try (InputStream in = LogFiles.open(Files.newInputStream(file))) {
      log = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private MainProcess.Result diff(List<String> lines, String name, String... options)
      throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream out = LogFiles.create(file)) {
      out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    List<String> words = new ArrayList<>(List.of("diff", "--log", file.toString()));
    words.addAll(List.of(options));
    words.add(HELLO);
    return MainProcess.run(directory, words.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"log", "log.gz", "log.xz"})
  void aProgramAgreesWithItsOwnLog(String name) throws IOException {
    MainProcess.Result result = diff(log, name);
    assertTrue(result.err().startsWith(log.size() + " instructions agree with "), result.err());
    assertEquals(0, result.status());
  }

  @Test
  void theInstructionThatDiffersIsNamed() throws IOException {
    List<String> wrong = new ArrayList<>(log);
    int at = lastWriteOf("x15");
    String line = wrong.get(at);
    int digit = line.indexOf(" x15 0x") + " x15 0x".length();
    wrong.set(at, line.substring(0, digit) + "7" + line.substring(digit + 1));
    String pc = line.split(" ")[5];
    for (String[] options : new String[][] {{}, {"--step"}, {"--context", "2"}}) {
      MainProcess.Result result = diff(wrong, "wrong", options);
      assertEquals(1, result.status(), result.err());
      String address = "0x" + Long.toHexString(Long.decode(pc));
      assertTrue(result.err().contains("\n  x15 is written at " + address + "\n"), result.err());
      assertTrue(result.err().contains("\n  x15   0x"), result.err());
      assertTrue(result.err().contains("\n-- IR\n"), result.err());
      assertTrue(result.err().contains("\n-- host, "), result.err());
    }
  }

  @Test
  void aBranchThatGoesElsewhereIsNamed() throws IOException {
    List<String> wrong = new ArrayList<>(log.subList(0, log.size() / 2));
    String next = wrong.getLast().replaceFirst("0x[0-9a-f]{16}", "0x0000000000012346");
    wrong.add(next);
    MainProcess.Result result = diff(wrong, "elsewhere", "--step");
    assertEquals(1, result.status(), result.err());
    assertTrue(result.err().startsWith("divergence after " + log.size() / 2), result.err());
    assertTrue(result.err().contains("  pc    0x"), result.err());
    assertTrue(result.err().contains("  0x12346"), result.err());
  }

  @Test
  void aLogMayBeShorterThanTheProgram() throws IOException {
    MainProcess.Result result = diff(log.subList(0, 50), "short");
    assertEquals(0, result.status(), result.err());
    assertTrue(result.err().startsWith("50 instructions agree"), result.err());
    assertTrue(result.err().contains("ends here"), result.err());
  }

  @Test
  void theLastRegistersCount() throws IOException {
    List<String> wrong = new ArrayList<>(log.subList(0, log.size() - 1));
    // The number of the call that ends the program, 93, as a few before it.
    int at = wrong.size() - 1;
    while (!wrong.get(at).endsWith(" x17 0x000000000000005d")) {
      at--;
    }
    wrong.set(at, wrong.get(at).replace("005d", "005e"));
    wrong.add(log.getLast());
    MainProcess.Result result = diff(wrong, "last");
    assertEquals(1, result.status(), result.err());
    assertTrue(result.err().contains("  x17   0x5d"), result.err());
  }

  @Test
  void aLogMayBeLongerThanTheProgram() throws IOException {
    List<String> longer = new ArrayList<>(log.subList(0, log.size() - 1));
    longer.add(log.getFirst());
    assertEquals(1, diff(longer, "longer", "--step").status());
  }

  @Test
  void systemCallsMayBeMissingAsFromSpike() throws IOException {
    List<String> spike = new ArrayList<>();
    for (String line : log) {
      // The kernel's part in another mode shows the result.
      spike.add(
          line.contains("(0x00000073)")
              ? line.replace(": 0 ", ": 1 ").replace("(0x00000073)", "(0x00000013)")
              : line);
    }
    // What it does when the program is gone is not the program's.
    spike.add("core   0: 1 0x0000000000001000 (0x00000013) x15 0x0000000000000123");
    MainProcess.Result result = diff(spike, "spike");
    assertEquals(0, result.status(), result.err());
    // The last call, which ends the program, has no line of its own.
    assertTrue(result.err().startsWith(log.size() - 1 + " instructions agree"), result.err());
  }

  @ParameterizedTest
  @CsvSource({"1000, 0", "0, 1000", "9000, 0", "0, 9000"})
  void aLogMayHaveAnotherStack(int logged, int here) throws IOException {
    String file = directory.resolve("elsewhere.log").toString();
    MainProcess.run(directory, "trace", "-o", file, "--env", padding(logged), HELLO);
    MainProcess.Result result =
        MainProcess.run(directory, "diff", "--log", file, "--env", padding(here), HELLO);
    assertEquals(0, result.status(), result.err());
    assertTrue(result.err().contains("bytes from outside the program taken over"), result.err());
  }

  @Test
  void whatIsNoLogIsNamed() throws IOException {
    MainProcess.Result result = diff(List.of("nothing"), "none");
    assertEquals(2, result.status());
    assertTrue(result.err().endsWith("none: no commit of user mode\n"), result.err());
  }

  @Test
  void qemuAgrees() throws IOException {
    assumeTrue(Qemu.newest() != null, "no qemu");
    MainProcess.Result result =
        MainProcess.run(directory, "diff", "--qemu", HELLO, "three", "words");
    assertEquals(0, result.status(), result.err());
    assertTrue(result.err().contains(" instructions agree with qemu-riscv64 "), result.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--evaluator", "--evaluator --step"})
  void theEvaluatorAgrees(String options) throws IOException {
    List<String> words = new ArrayList<>(List.of("diff"));
    words.addAll(List.of(options.split(" ")));
    words.addAll(List.of(HELLO, "three", "words"));
    MainProcess.Result result = MainProcess.run(directory, words.toArray(String[]::new));
    assertEquals(0, result.status(), result.err());
    assertTrue(result.err().contains(" instructions agree with the evaluator "), result.err());
  }

  @ParameterizedTest
  @CsvSource({
    "register, registers differ, x15 ",
    "float, registers differ, f8 ",
    "flags, registers differ, fcsr ",
    "pc, registers differ, pc ",
    "memory, memory differs at 0x, -- host",
  })
  void theEvaluatorSeesWhatGoesWrong(String what, String said, String shown) throws IOException {
    MainProcess.Result result = MainProcess.run(directory, TamperedRun.class, what, "100", HELLO);
    assertEquals(1, result.status(), result.err());
    assertTrue(result.err().contains(said), result.err());
    assertTrue(result.err().contains(shown), result.err());
    assertTrue(result.err().contains("\n-- IR\n"), result.err());
  }

  private static String padding(int length) {
    return "PADDING=" + "x".repeat(length);
  }

  private int lastWriteOf(String register) {
    for (int i = log.size() - 1; ; i--) {
      if (log.get(i).contains(" " + register + " 0x") && !log.get(i).contains(" mem ")) {
        return i;
      }
    }
  }
}
