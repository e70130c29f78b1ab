package dev.isomorph.tools.bench;

import dev.isomorph.tools.HostPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The compilers found on the PATH. */
final class Toolchain {
  private static final List<String> CROSS =
      List.of("riscv64-linux-gnu-gcc", "riscv64-unknown-linux-gnu-gcc");
  private static final List<String> CROSS_CPP =
      List.of("riscv64-linux-gnu-g++", "riscv64-unknown-linux-gnu-g++");
  private static final List<String> NATIVE = List.of("gcc", "cc", "clang");
  private static final List<String> NATIVE_CPP = List.of("g++", "c++", "clang++");

  /**
   * Both sides compute with the same roundings, so that outputs can be compared: without this flag
   * a compiler fuses multiplications and additions where the machine can, which only one can.
   */
  private static final List<String> FLAGS = List.of("-O2", "-static", "-ffp-contract=off");

  /** What nearly every x86-64 of today has, and no vectors that RV64GC has no answer to. */
  private static final String NATIVE_LEVEL = "-march=x86-64-v2";

  private Toolchain() {}

  /** The compiler of a source for the guest, or null. */
  static Path cross(Path source) {
    return HostPath.first(Benchmark.isCpp(source.toString()) ? CROSS_CPP : CROSS);
  }

  /** The compiler of a source for this machine, or null. */
  static Path nativeCompiler(Path source) {
    return HostPath.first(Benchmark.isCpp(source.toString()) ? NATIVE_CPP : NATIVE);
  }

  static void buildGuest(Path compiler, Path source, Path target) throws IOException {
    compile(compiler, List.of(), source, target);
  }

  static void buildNative(Path compiler, Path source, Path target) throws IOException {
    compile(compiler, List.of(NATIVE_LEVEL), source, target);
  }

  private static void compile(Path compiler, List<String> extra, Path source, Path target)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(compiler.toString());
    command.addAll(FLAGS);
    command.add(Benchmark.isCpp(source.toString()) ? "-std=gnu++17" : "-std=gnu11");
    command.addAll(extra);
    command.addAll(List.of("-o", target.toString(), source.toString(), "-lm"));
    String messages = output(command);
    if (!Files.exists(target)) {
      throw new IOException(source + " does not compile:\n" + messages);
    }
  }

  static String output(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
