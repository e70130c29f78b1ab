package dev.isomorph.conformance.programs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands in processes of their own. */
final class ChildProcess {
  private static final int PATIENCE_SECONDS = 120;

  private ChildProcess() {}

  /** How a command ended: its status as a shell has it, and its output, one byte per char. */
  record Outcome(int status, String output, String errors) {
    /** The output with the status in a line of its own, as in the expected files. */
    String transcript() {
      return output + "status " + status + "\n";
    }
  }

  /**
   * Runs a command to its end.
   *
   * @throws IOException if it cannot be started or does not come to an end
   */
  static Outcome run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("program", ".out");
    Path errors = Files.createTempFile("program", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IOException("hangs: " + command + "\n" + text(output) + text(errors));
      }
      return new Outcome(process.exitValue(), text(output), text(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
