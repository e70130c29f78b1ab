package dev.isomorph.tools.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The compilers and emulators found on the PATH. */
final class Toolchain {
  private static final List<String> CROSS =
      List.of("riscv64-linux-gnu-gcc", "riscv64-unknown-linux-gnu-gcc");
  private static final List<String> NATIVE = List.of("gcc", "cc", "clang");
  private static final List<String> QEMU = List.of("qemu-riscv64", "qemu-riscv64-static");

  /**
   * Both sides compute with the same roundings, so that outputs can be compared: without this flag
   * a compiler fuses multiplications and additions where the machine can, which only one can.
   */
  private static final List<String> FLAGS =
      List.of("-O2", "-static", "-std=gnu11", "-ffp-contract=off");

  /** What nearly every x86-64 of today has, and no vectors that RV64GC has no answer to. */
  private static final String NATIVE_LEVEL = "-march=x86-64-v2";

  private Toolchain() {}

  /**
   * An emulator to compare with.
   *
   * @param command the words before the program
   */
  record Qemu(List<String> command, int major, String version) {}

  /** The compiler for the guest, or null. */
  static Path cross() {
    return firstOnPath(CROSS);
  }

  /** The compiler for this machine, or null. */
  static Path nativeCompiler() {
    return firstOnPath(NATIVE);
  }

  static void buildGuest(Path compiler, Path source, Path target) throws IOException {
    compile(compiler, List.of(), source, target);
  }

  static void buildNative(Path compiler, Path source, Path target) throws IOException {
    compile(compiler, List.of(NATIVE_LEVEL), source, target);
  }

  /** The newest qemu of the PATH, or null. */
  static Qemu newestQemu() throws IOException {
    Qemu newest = null;
    for (Path directory : path()) {
      for (String name : QEMU) {
        Path candidate = directory.resolve(name);
        if (Files.isExecutable(candidate)) {
          Qemu qemu = qemu(candidate);
          if (newest == null || qemu.major > newest.major) {
            newest = qemu;
          }
        }
      }
    }
    return newest;
  }

  /** The qemu at this place, with the processor model that is fastest in its version. */
  static Qemu qemu(Path binary) throws IOException {
    String text = output(List.of(binary.toString(), "--version"));
    int start = text.indexOf("version ");
    if (start < 0) {
      throw new IOException(binary + " does not say a qemu version");
    }
    String version = text.substring(start + "version ".length()).split("[\\s(]")[0];
    int major = Integer.parseInt(version.split("\\.")[0]);
    // Since version 10 the default model orders all accesses as x86 does, at a price.
    List<String> command =
        major >= 10 ? List.of(binary.toString(), "-cpu", "rv64") : List.of(binary.toString());
    return new Qemu(command, major, version);
  }

  private static void compile(Path compiler, List<String> extra, Path source, Path target)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(compiler.toString());
    command.addAll(FLAGS);
    command.addAll(extra);
    command.addAll(List.of("-o", target.toString(), source.toString(), "-lm"));
    String messages = output(command);
    if (!Files.exists(target)) {
      throw new IOException(source + " does not compile:\n" + messages);
    }
  }

  private static String output(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Path firstOnPath(List<String> names) {
    for (String name : names) {
      for (Path directory : path()) {
        Path candidate = directory.resolve(name);
        if (Files.isExecutable(candidate)) {
          return candidate;
        }
      }
    }
    return null;
  }

  private static List<Path> path() {
    List<Path> directories = new ArrayList<>();
    String path = System.getenv("PATH");
    for (String each : path == null ? new String[0] : path.split(":")) {
      if (!each.isEmpty()) {
        directories.add(Path.of(each));
      }
    }
    return directories;
  }
}
