package dev.isomorph.tools.explain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The processor time that the threads of this process have had, by what they do (proc(5)). */
final class HostThreads {
  private static final Path PROCESS = Path.of("/proc/self/stat");
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final long NANOSECONDS_PER_TICK = 10_000_000;

  // Of what follows the name in parentheses.
  private static final int UTIME = 11;
  private static final int STIME = 12;

  private HostThreads() {}

  /** Nanoseconds by purpose. */
  static Map<String, Long> times() {
    Map<String, Long> times = new TreeMap<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(TASKS)) {
      for (Path thread : threads) {
        add(thread.resolve("stat"), times);
      }
      long all = timeOf(Files.readString(PROCESS));
      long present = times.values().stream().mapToLong(Long::longValue).sum();
      times.put("threads that have ended", Math.max(0, all - present));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return times;
  }

  private static void add(Path file, Map<String, Long> times) {
    try {
      String text = Files.readString(file);
      String name = text.substring(text.indexOf('(') + 1, text.lastIndexOf(')'));
      times.merge(purpose(name), timeOf(text), Long::sum);
    } catch (IOException over) {
      // The thread has ended meanwhile.
    }
  }

  private static long timeOf(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
    return ticks * NANOSECONDS_PER_TICK;
  }

  private static String purpose(String name) {
    if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
      return "Java's own compiler";
    }
    return switch (name) {
      case "region compiler" -> "compiler of regions";
      case "profiler" -> "taking samples for this report";
      case "sampler" -> "taking samples for regions";
      default -> isJava(name) ? "rest of Java" : "guest threads";
    };
  }

  private static boolean isJava(String name) {
    return name.startsWith("VM ")
        || name.startsWith("GC ")
        || name.startsWith("G1 ")
        || name.equals("java")
        || name.startsWith("Reference")
        || name.startsWith("Finalizer")
        || name.startsWith("Signal ")
        || name.startsWith("Service ")
        || name.startsWith("Monitor ")
        || name.startsWith("Notification")
        || name.startsWith("Common-Cleaner");
  }
}
