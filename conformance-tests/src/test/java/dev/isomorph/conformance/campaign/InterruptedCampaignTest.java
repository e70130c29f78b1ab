package dev.isomorph.conformance.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InterruptedCampaignTest {
  /** 128 and the number of SIGTERM, which no shell has children ignore as it may SIGINT. */
  private static final int TERMINATED = 143;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void whatHasBeenDoneIsReported() throws Exception {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Process campaign =
        new ProcessBuilder(command(temporary))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      while (campaign.isAlive() && !hasBegunACase(temporary)) {
        Thread.sleep(10);
      }
      assertTrue(campaign.isAlive(), () -> text(errors));
      campaign.toHandle().destroy();
      assertEquals(TERMINATED, campaign.waitFor(), () -> text(errors));
    } finally {
      campaign.destroyForcibly();
    }
    assertTrue(text(output).matches("sequences: \\d+ agree, 0 DIFFER\n"), text(output));
    assertFalse(text(errors).contains("Exception"), text(errors));
  }

  private List<String> command(Path temporary) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Djava.io.tmpdir=" + temporary,
        "--add-exports",
        "java.base/jdk.internal.misc=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName(),
        "campaign",
        "--kind",
        "sequences",
        "--time",
        "1h",
        "--out",
        folder.resolve("out").toString());
  }

  private static boolean hasBegunACase(Path temporary) throws IOException {
    try (Stream<Path> files = Files.walk(temporary)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("running-"));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
