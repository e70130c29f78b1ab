package dev.isomorph.tools.bench;

import dev.isomorph.tools.run.RunCommand;
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

/** Runs a command, takes its time and its memory, and keeps what it printed. */
final class Timer {
  private static final int SHOWN = 200;
  private static final Pattern WARM = Pattern.compile("(?m)^warm ([0-9.]+) ([0-9.]+)$");

  /** A run that takes longer than this many times its processor time has had to wait. */
  private static final double MOST_WAITED = 1.2;

  private static final double LEAST_WAITED_SECONDS = 0.05;

  private final Clock clock;
  private final long timeoutSeconds;

  /** Where Isomorph keeps translations, or that it does not. */
  private final String translations;

  Timer(Clock clock, long timeoutSeconds) {
    this(clock, timeoutSeconds, RunCommand.NO_TRANSLATIONS);
  }

  /** A timer of programs whose translations are kept in a folder. */
  static Timer keeping(Clock clock, long timeoutSeconds, Path folder) {
    return new Timer(clock, timeoutSeconds, folder.toString());
  }

  private Timer(Clock clock, long timeoutSeconds, String translations) {
    this.clock = clock;
    this.timeoutSeconds = timeoutSeconds;
    this.translations = translations;
  }

  /**
   * One run.
   *
   * @param seconds it took, start-up included
   * @param warm seconds for the later half of the rounds, as the program says; NaN if it does not
   * @param waited whether it took much longer than the processor worked for it
   * @param peakKib most memory that was resident, in KiB; 0 if it ended before anybody looked
   * @param status exit status, -1 when it took too long and was ended
   */
  record Run(
      double seconds,
      double warm,
      boolean waited,
      long peakKib,
      int status,
      byte[] output,
      String errors) {
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
      builder.environment().put(RunCommand.TRANSLATIONS, translations);
      double startCpu = Clock.childrenSeconds();
      long start = System.nanoTime();
      Process process = builder.start();
      PeakMemory memory = PeakMemory.of(process.pid());
      boolean ended = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      double cpu = Clock.childrenSeconds() - startCpu;
      String said = new String(Files.readAllBytes(errors), StandardCharsets.UTF_8);
      Matcher warm = WARM.matcher(said);
      return new Run(
          clock == Clock.WALL ? seconds : cpu,
          warm.find() ? Double.parseDouble(warm.group(clock.ordinal() + 1)) : Double.NaN,
          seconds > MOST_WAITED * cpu + LEAST_WAITED_SECONDS,
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
