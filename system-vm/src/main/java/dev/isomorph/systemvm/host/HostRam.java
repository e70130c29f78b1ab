package dev.isomorph.systemvm.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory the host has (proc_meminfo(5)). */
public final class HostRam {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final List<String> PARTS = List.of("MemTotal:", "SwapTotal:");
  private static final long KIBIBYTE = 1 << 10;
  private static final long MEBIBYTE = 1 << 20;

  private HostRam() {}

  /**
   * Sees whether a guest may have so much. A host would give it more, since it is only used when it
   * is touched, and end the process in the middle.
   *
   * @throws IOException with a line for the user, if it is more than the host has with its swap
   */
  public static void check(long bytes) throws IOException {
    check(bytes, Files.readAllLines(MEMINFO));
  }

  static void check(long bytes, List<String> meminfo) throws IOException {
    long total =
        meminfo.stream()
            .map(line -> line.trim().split("\\s+"))
            .filter(words -> words.length > 1 && PARTS.contains(words[0]))
            .mapToLong(words -> Long.parseLong(words[1]) * KIBIBYTE)
            .sum();
    if (bytes > total) {
      throw new IOException(
          bytes / MEBIBYTE
              + " MiB of memory are more than this host has: "
              + total / MEBIBYTE
              + " MiB with its swap");
    }
  }
}
