package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Asks C compilers what system headers say; tests that do are skipped where there are none. */
public final class CProgram {
  public static final String GUEST_COMPILER = "riscv64-linux-gnu-gcc";
  public static final String HOST_COMPILER = "gcc";

  private CProgram() {}

  /** Skips the current test unless the compiler can be run. */
  public static void assumePresent(String compiler) {
    boolean found = false;
    for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
      found |= Files.isExecutable(Path.of(folder, compiler));
    }
    assumeTrue(found, compiler + " is not on the PATH");
  }

  /** Returns the source after preprocessing, line by line, without line markers. */
  public static List<String> preprocess(String compiler, String source)
      throws IOException, InterruptedException {
    return run(source, compiler, "-E", "-P", "-x", "c", "-").lines().toList();
  }

  /** Returns the macros that are defined after the source. */
  public static List<String> macros(String compiler, String source)
      throws IOException, InterruptedException {
    return run(source, compiler, "-E", "-dM", "-x", "c", "-").lines().toList();
  }

  /**
   * Returns the values of constant expressions, found without running anything, so that it works
   * for any target: each becomes an array's initialiser in assembly.
   */
  public static long[] constants(String compiler, String includes, List<String> expressions)
      throws IOException, InterruptedException {
    StringBuilder source = new StringBuilder(includes).append("\n#include <stddef.h>\n");
    source.append("const unsigned long long values[] = {\n");
    for (String expression : expressions) {
      source.append("(unsigned long long)(").append(expression).append(") + (1ull << 62),\n");
    }
    source.append("};\n");
    String assembly = run(source.toString(), compiler, "-S", "-O0", "-x", "c", "-o", "-", "-");
    return assembly
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(".quad") || line.startsWith(".dword"))
        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) - (1L << 62))
        .toArray();
  }

  /**
   * Compiles a program that is a resource of the tests, and links it statically; skips the current
   * test if that cannot be done.
   *
   * @param name of the source, without {@code .c}
   */
  public static void compile(String compiler, String name, Path program, String... options)
      throws IOException, InterruptedException {
    assumePresent(compiler);
    List<String> command = new ArrayList<>(List.of(compiler, "-static"));
    command.addAll(List.of(options));
    command.addAll(List.of("-o", program.toString(), "-x", "c", "-"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process process = builder.redirectOutput(Redirect.INHERIT).start();
    try (InputStream source = CProgram.class.getResourceAsStream("/" + name + ".c");
        OutputStream in = process.getOutputStream()) {
      source.transferTo(in);
    }
    assumeTrue(process.waitFor() == 0, compiler + " cannot make static programs");
  }

  private static String run(String input, String... command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.outputWriter(StandardCharsets.ISO_8859_1)) {
      in.write(input);
    }
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }
}
