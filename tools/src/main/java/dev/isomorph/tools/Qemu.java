package dev.isomorph.tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A qemu in user mode, to compare with.
 *
 * @param binary the program
 * @param major the first number of its version
 * @param version as it says it
 */
public record Qemu(Path binary, int major, String version) {
  private static final List<String> NAMES = List.of("qemu-riscv64", "qemu-riscv64-static");

  private static final String VERSION = "qemu-riscv64 version ";

  /** Since this version there is a model with all extensions it knows. */
  private static final int FIRST_WITH_MAX = 9;

  /** Since this version that model is the default one, and orders all accesses as x86 does. */
  private static final int FIRST_DEFAULT_MAX = 10;

  /** The newest qemu of the PATH, or null. */
  public static Qemu newest() throws IOException {
    Qemu newest = null;
    for (String name : NAMES) {
      for (Path candidate : HostPath.all(name)) {
        Qemu qemu = at(candidate);
        if (newest == null || qemu.major > newest.major) {
          newest = qemu;
        }
      }
    }
    return newest;
  }

  /**
   * The qemu at a place.
   *
   * @throws IOException if it does not say its version
   */
  public static Qemu at(Path binary) throws IOException {
    if (!Files.isExecutable(binary) || Files.isDirectory(binary)) {
      throw new IOException(binary + ": not an executable file");
    }
    // Whoever runs it may do so in another folder.
    Path program = binary.toAbsolutePath();
    Process process =
        new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int start = text.indexOf(VERSION);
    if (start < 0) {
      throw new IOException(binary + " is no qemu-riscv64: it does not say its version as one");
    }
    String version = text.substring(start + VERSION.length()).split("[\\s(]")[0];
    return new Qemu(program, Integer.parseInt(version.split("\\.")[0]), version);
  }

  /** The words before the program, with the processor model that is fastest in this version. */
  public List<String> fastest() {
    return major >= FIRST_DEFAULT_MAX
        ? List.of(binary.toString(), "-cpu", "rv64")
        : List.of(binary.toString());
  }

  /** The words before the program, with the processor model that has the most extensions. */
  public List<String> fullest() {
    return major >= FIRST_WITH_MAX
        ? List.of(binary.toString(), "-cpu", "max")
        : List.of(binary.toString());
  }
}
