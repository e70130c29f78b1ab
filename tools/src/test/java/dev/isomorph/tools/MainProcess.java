package dev.isomorph.tools;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the command line in a process of its own, as commands that run guests want it. */
public final class MainProcess {
  private static final long PATIENCE_SECONDS = 300;

  private MainProcess() {}

  /** What a command did. */
  public record Result(int status, String out, String err) {}

  /** Runs a command with an empty standard input. */
  public static Result run(Path directory, String... words) throws IOException {
    return run(directory, Main.class, words);
  }

  /** Runs a command whose standard output goes to a file. */
  public static Result runInto(Path directory, Path output, String... words) throws IOException {
    return run(directory, output, Main.class, words);
  }

  /** Runs a class's main method with an empty standard input. */
  public static Result run(Path directory, Class<?> main, String... words) throws IOException {
    Path output = Files.createTempFile(directory, "out", "");
    Result result = run(directory, output, main, words);
    return new Result(result.status, Files.readString(output), result.err);
  }

  /** Starts a command with an empty standard input, whose output is for the caller to read. */
  public static Process start(Path errors, String... words) throws IOException {
    return builder(Main.class, words).redirectError(errors.toFile()).start();
  }

  private static ProcessBuilder builder(Class<?> main, String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xrs",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-exports",
            "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
  }

  private static Result run(Path directory, Path output, Class<?> main, String... words)
      throws IOException {
    Path err = Files.createTempFile(directory, "err", "");
    Process process =
        builder(main, words).redirectOutput(output.toFile()).redirectError(err.toFile()).start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("does not end: " + List.of(words));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException(e);
    }
    return new Result(process.exitValue(), "", Files.readString(err));
  }
}
