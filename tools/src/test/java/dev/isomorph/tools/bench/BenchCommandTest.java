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
    assumeTrue(Toolchain.cross() != null, "no riscv64 cross compiler");
    assumeTrue(Toolchain.nativeCompiler() != null, "no native compiler");
    launcher = script("launcher", "[ \"$1\" = run ] && echo result");
    qemu =
        script(
            "qemu",
            "if [ \"$1\" = --version ]; then echo 'qemu version 10.1.2 (x)'; exit; fi",
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
            "(?s).*\none +[\\d.]+ s +[\\d.]+ s +[\\d.]+ s +[\\d.]+ +[\\d.]+\n.*"),
        outcome.output);
  }

  @Test
  void jsonAloneIsPrinted() throws IOException {
    Outcome outcome = bench("--json");
    assertEquals(0, outcome.status, outcome.output);
    assertTrue(outcome.output.startsWith("{\n  \"runs\": 1,\n  \"qemu\": \"10.1.2\""));
    assertTrue(outcome.output.contains("\"equal\": true"));
  }

  @Test
  void aDifferentOutputFails() throws IOException {
    launcher = script("launcher", "echo wrong");
    Outcome outcome = bench();
    assertEquals(1, outcome.status);
    assertTrue(outcome.output.contains("one              DIFFERENT: under ISOMORPH status 0"));
  }
}
