package dev.isomorph.hostbackend.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class HostProcessTest {
  private record Result(int status, String output) {}

  /** Runs the program below in a JVM of its own, under a shell that tells how it ended. */
  private static Result run(String... arguments) throws IOException, InterruptedException {
    String java = System.getProperty("java.home") + "/bin/java";
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                "sh",
                "-c",
                "\"$@\"; exit $?",
                "sh",
                java,
                "-Xrs",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  /** What the other JVM runs. */
  static final class Program {
    public static void main(String[] arguments) {
      int number = Integer.parseInt(arguments[1]);
      switch (arguments[0]) {
        case "exit" -> HostProcess.exit(number);
        case "die" -> HostProcess.dieBySignal(number);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0,0", "42,42", "256,0", "-1,255"})
  void exitStatus(String given, int seen) throws Exception {
    assertEquals(new Result(seen, ""), run("exit", given));
  }

  @ParameterizedTest
  @CsvSource({"15,Terminated", "6,Aborted", "11,Segmentation fault", "9,Killed", "14,Alarm clock"})
  void deathBySignal(String signo, String description) throws Exception {
    Result result = run("die", signo);
    assertEquals(128 + Integer.parseInt(signo), result.status);
    // The shell says this only of a process that died by the signal.
    assertTrue(result.output.contains(description), result.output);
    assertFalse(result.output.contains("core dumped"), result.output);
    assertFalse(result.output.contains("fatal error"), result.output);
  }

  @Test
  void aSignalThatDoesNotKillEndsInAnExitStatus() throws Exception {
    assertEquals(new Result(128 + 17, ""), run("die", "17"));
  }
}
