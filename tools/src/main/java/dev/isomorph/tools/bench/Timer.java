package dev.isomorph.tools.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command, takes its wall-clock time and keeps what it printed. */
final class Timer {
  private static final int SHOWN = 200;

  private final long timeoutSeconds;

  Timer(long timeoutSeconds) {
    this.timeoutSeconds = timeoutSeconds;
  }

  /**
   * One run.
   *
   * @param status exit status, -1 when it took too long and was ended
   */
  record Run(double seconds, int status, byte[] output, String errors) {
    boolean sameResult(Run other) {
      return status == other.status && Arrays.equals(output, other.output);
    }

    /** The end of it in a few words, for a run that went wrong. */
    String outcome() {
      String line = errors.strip();
      int end = line.indexOf('\n');
      line = end < 0 ? line : line.substring(0, end);
      line = line.length() > SHOWN ? line.substring(0, SHOWN) : line;
      return status < 0
          ? "took too long"
          : "status " + status + (line.isEmpty() ? "" : ": " + line);
    }
  }

  Run run(List<String> command) throws IOException, InterruptedException {
    // Files, not pipes: nobody has to read while the program runs.
    Path output = Files.createTempFile("isomorph-bench", ".out");
    Path errors = Files.createTempFile("isomorph-bench", ".err");
    try {
      long start = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      boolean ended = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      return new Run(
          seconds,
          ended ? process.exitValue() : -1,
          Files.readAllBytes(output),
          new String(Files.readAllBytes(errors), StandardCharsets.UTF_8));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }
}
