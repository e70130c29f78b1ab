package dev.isomorph.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

/** The whole command, with native builds of the same source in the places of all three machines. */
@Isolated("replaces the standard streams")
final class BenchCommandTest {
  @TempDir Path scratch;
  private Path launcher;
  private Path qemu;

  @BeforeEach
  void makeMachines() throws IOException {
    Path source = Path.of("one.c");
    assumeTrue(Toolchain.cross(source) != null, "no riscv64 cross compiler");
    assumeTrue(Toolchain.nativeCompiler(source) != null, "no native compiler");
    launcher =
        script(
            "launcher",
            "[ \"$1\" = run ] || exit 9",
            "case $2 in",
            "--stats=dynamic:*) echo '{\"guest\": 30, \"evaluated\": 10, \"host\": 50}' >${2#*:};;",
            "esac",
            "echo warm 0.5 0.25 >&2",
            "echo result");
    qemu =
        script(
            "qemu",
            "if [ \"$1\" = --version ]; then echo 'qemu-riscv64 version 10.1.2 (x)'; exit; fi",
            "[ \"$1 $2\" = '-cpu rv64' ] && echo result");
  }

  private Path script(String name, String... lines) throws IOException {
    Path file = scratch.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  private record Outcome(int status, String output) {}

  private Outcome bench(String... words) throws IOException {
    Path programs = Files.createDirectories(scratch.resolve("programs"));
    Files.writeString(
        programs.resolve("one.c"),
        "#include <stdio.h>\nint main(void) { puts(\"result\"); return 0; }\n");
    String[] command = new String[words.length + 5];
    command[0] = "--isomorph=" + launcher;
    command[1] = "--qemu=" + qemu;
    command[2] = "--runs=1";
    command[3] = "--timeout=60";
    System.arraycopy(words, 0, command, 4, words.length);
    command[command.length - 1] = programs.toString();
    PrintStream real = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true));
    try {
      return new Outcome(new CommandLine(new BenchCommand()).execute(command), out.toString());
    } finally {
      System.setOut(real);
    }
  }

  @Test
  void equalOutputsGiveATable() throws IOException {
    Outcome outcome = bench();
    assertEquals(0, outcome.status, outcome.output);
    assertTrue(outcome.output.startsWith("qemu 10.1.2\nprogram "), outcome.output);
    assertTrue(
        outcome.output.matches(
            "(?s).*\none( +[\\d.]+ s){3} +[\\d.]+ +- +[\\d.]+ +-( +[\\d-]+){2} +2.50\n.*"),
        outcome.output);
  }

  @Test
  void jsonAloneIsPrinted() throws IOException {
    Outcome outcome = bench("--json");
    assertEquals(0, outcome.status, outcome.output);
    assertTrue(outcome.output.startsWith("{\n  \"runs\": 1,\n"), outcome.output);
    assertTrue(outcome.output.contains("\"qemu 10.1.2\": {"), outcome.output);
    assertTrue(outcome.output.contains("\"equal\": true"));
    assertTrue(outcome.output.contains("\"warmSeconds\": 0.5"), outcome.output);
  }

  @Test
  void processorTimeCanBeCompared() throws IOException {
    Outcome outcome = bench("--json", "--clock=cpu");
    assertEquals(0, outcome.status, outcome.output);
    assertTrue(outcome.output.contains("\"clock\": \"cpu\""), outcome.output);
    assertTrue(outcome.output.contains("\"warmSeconds\": 0.25"), outcome.output);
  }

  @Test
  void ofSeveralQemusTheFasterCounts() throws IOException {
    Path slow = script("slow", "sleep 1", "echo result");
    Files.writeString(
        slow,
        "#!/bin/sh\n"
            + "[ \"$1\" = --version ] && echo 'qemu-riscv64 version 7.2' && exit\n"
            + "sleep 1; echo result\n");
    Outcome outcome = bench("--qemu=" + slow, "--no-counts");
    assertEquals(0, outcome.status, outcome.output);
    assertTrue(outcome.output.startsWith("qemu 10.1.2\nqemu 7.2\n"), outcome.output);
    assertTrue(
        outcome.output.matches("(?s).*\none( +[\\d.]+ s){2} +0.\\d+ s .* +-\n.*"), outcome.output);
  }

  @Test
  void onlyWhatIsNamedIsTimed() throws IOException {
    assertTrue(bench("--only=one").output.contains("\none "));
    Outcome outcome = bench("--only=two");
    assertEquals(1, outcome.status);
    assertEquals("", outcome.output);
  }

  @Test
  void theChartIsWritten() throws IOException {
    Path file = scratch.resolve("chart.html");
    assertEquals(0, bench("--html=" + file).status);
    assertTrue(Files.readString(file).contains("<svg "));
  }

  @Test
  void aDifferentOutputFails() throws IOException {
    launcher = script("launcher", "echo wrong");
    Outcome outcome = bench();
    assertEquals(1, outcome.status);
    assertTrue(outcome.output.contains("one              DIFFERENT: under isomorph status 0"));
  }
}
