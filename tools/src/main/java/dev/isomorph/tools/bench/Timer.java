package dev.isomorph.tools.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).start();
    process.getOutputStream().close();
    CompletableFuture<byte[]> errors =
        CompletableFuture.supplyAsync(() -> drain(process.getErrorStream()));
    CompletableFuture<byte[]> output =
        CompletableFuture.supplyAsync(() -> drain(process.getInputStream()));
    boolean ended = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    return new Run(
        seconds,
        ended ? process.exitValue() : -1,
        output.join(),
        new String(errors.join(), StandardCharsets.UTF_8));
  }

  private static byte[] drain(InputStream in) {
    try (in) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
