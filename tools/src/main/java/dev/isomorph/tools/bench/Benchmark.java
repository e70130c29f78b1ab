package dev.isomorph.tools.bench;

import java.nio.file.Path;

/**
 * One program to time.
 *
 * @param group the folder it lies in; geometric means are taken over groups
 * @param file C source, or a riscv64 executable
 */
record Benchmark(String name, String group, Path file) {
  static Benchmark of(Path file) {
    String name = file.getFileName().toString();
    Path folder = file.toAbsolutePath().getParent().getFileName();
    boolean source = name.endsWith(".c");
    return new Benchmark(
        source ? name.substring(0, name.length() - 2) : name,
        folder == null ? "" : folder.toString(),
        file);
  }

  boolean isSource() {
    return file.toString().endsWith(".c");
  }
}
