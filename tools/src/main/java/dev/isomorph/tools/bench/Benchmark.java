package dev.isomorph.tools.bench;

import java.nio.file.Path;

/**
 * One program to time.
 *
 * @param group geometric means are taken over groups
 * @param file C or C++ source, or a riscv64 executable
 * @param rounds what it is told to do, 0 for a program that is told nothing
 * @param text what it stresses, empty if nobody has said so
 */
record Benchmark(String name, String group, Path file, long rounds, String text) {
  /** A program that the user names. Its folder's name is its group. */
  static Benchmark of(Path file) {
    return of(file, 0, "");
  }

  static Benchmark of(Path file, long rounds, String text) {
    String name = file.getFileName().toString();
    Path folder = file.toAbsolutePath().getParent().getFileName();
    return new Benchmark(
        isSource(name) ? name.substring(0, name.lastIndexOf('.')) : name,
        folder == null ? "" : folder.toString(),
        file,
        rounds,
        text);
  }

  boolean isSource() {
    return isSource(file.toString());
  }

  /** Whether a file of this name is compiled before it runs. */
  static boolean isSource(String name) {
    return name.endsWith(".c") || isCpp(name);
  }

  static boolean isCpp(String name) {
    return name.endsWith(".cpp");
  }
}
