package dev.isomorph.processvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs guests in a JVM of their own, by {@link RunMain}. */
final class GuestRun {
  private GuestRun() {}

  /** How a run ended; the status is the shell's, the text one byte per char. */
  record Outcome(int status, String output, String errors) {}

  /** The command that runs a guest. */
  static List<String> command(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-exports",
            "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            RunMain.class.getName()));
    command.addAll(List.of(words));
    return command;
  }

  /** Runs a command in a folder with no other environment than is given. */
  static Outcome start(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("output", null);
    Path errors = Files.createTempFile("errors", null);
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      int status = builder.start().waitFor();
      return new Outcome(
          status,
          Files.readString(output, StandardCharsets.ISO_8859_1),
          Files.readString(errors, StandardCharsets.ISO_8859_1));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }
}
