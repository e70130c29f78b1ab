package dev.isomorph.conformance.programs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands in processes of their own. */
public final class ChildProcess {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TOO_LONG = -1;

  private ChildProcess() {}

  /**
   * How a command ended: its status as a shell has it, and its output, one byte per char.
   *
   * @param status negative if it took too long and was killed
   */
  public record Outcome(int status, String output, String errors) {
    /** The output with the status in a line of its own, as in the expected files. */
    public String transcript() {
      return output + (tookTooLong() ? "took too long" : "status " + status) + "\n";
    }

    /** Whether it was killed before its end. */
    public boolean tookTooLong() {
      return status == TOO_LONG;
    }
  }

  /**
   * Runs a command to its end.
   *
   * @throws IOException if it cannot be started or does not come to an end
   */
  static Outcome run(List<String> command) throws IOException, InterruptedException {
    Outcome outcome = run(command, PATIENCE);
    if (outcome.tookTooLong()) {
      throw new IOException("hangs: " + command + "\n" + outcome.output + outcome.errors);
    }
    return outcome;
  }

  /**
   * Runs a command to its end or until the time is up.
   *
   * @throws IOException if it cannot be started
   */
  public static Outcome run(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    return run(command, limit, Path.of(""));
  }

  /**
   * Runs a command in a folder to its end or until the time is up.
   *
   * @throws IOException if it cannot be started
   */
  public static Outcome run(List<String> command, Duration limit, Path folder)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("program", ".out");
    Path errors = Files.createTempFile("program", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toAbsolutePath().toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      return new Outcome(ended ? process.exitValue() : TOO_LONG, text(output), text(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
