package dev.isomorph.tools.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a command, takes its wall-clock time and its memory, and keeps what it printed. */
final class Timer {
  private static final int SHOWN = 200;
  private static final Pattern WARM = Pattern.compile("(?m)^warm ([0-9.]+)$");

  private final long timeoutSeconds;

  Timer(long timeoutSeconds) {
    this.timeoutSeconds = timeoutSeconds;
  }

  /**
   * One run.
   *
   * @param seconds of wall-clock time, start-up included
   * @param warm seconds for the later half of the rounds, as the program says; NaN if it does not
   * @param peakKib most memory that was resident, in KiB; 0 if it ended before anybody looked
   * @param status exit status, -1 when it took too long and was ended
   */
  record Run(double seconds, double warm, long peakKib, int status, byte[] output, String errors) {
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
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().put("LC_ALL", "C");
      long start = System.nanoTime();
      Process process = builder.start();
      PeakMemory memory = PeakMemory.of(process.pid());
      boolean ended = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String said = new String(Files.readAllBytes(errors), StandardCharsets.UTF_8);
      Matcher warm = WARM.matcher(said);
      return new Run(
          seconds,
          warm.find() ? Double.parseDouble(warm.group(1)) : Double.NaN,
          memory.kib(),
          ended ? process.exitValue() : -1,
          Files.readAllBytes(output),
          said);
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }
}
