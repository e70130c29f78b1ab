package dev.isomorph.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.tools.JsonReader;
import dev.isomorph.tools.MainProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --stats=dynamic} as the user sees it. */
final class DynamicStatsTest {
  private static final String HELLO = "../examples/hello/hello";

  @TempDir Path directory;

  @Test
  void countsWhatTheTraceLists() throws IOException {
    long traced = MainProcess.run(directory, "trace", HELLO).err().lines().count();
    Path file = directory.resolve("counts.json");
    MainProcess.Result result = MainProcess.run(directory, "run", "--stats=dynamic:" + file, HELLO);
    assertEquals("", result.err());
    assertEquals(0, result.status());
    Map<?, ?> counts = (Map<?, ?>) JsonReader.read(Files.readString(file));
    assertEquals(traced, ((Number) counts.get("guest")).longValue());
    assertTrue(((Number) counts.get("host")).longValue() > traced);
    assertEquals(true, counts.get("complete"));
  }

  @Test
  void printsCountsAndTheHottestCode() throws IOException {
    String text = MainProcess.run(directory, "run", "--stats=dynamic", HELLO).err();
    assertTrue(text.matches("(?s).*guest instructions executed +\\d+\n.*"), text);
    assertTrue(text.matches("(?s).*host per guest +\\d\\.\\d{3}\n.*"), text);
    assertTrue(text.matches("(?s).*hottest code:.* block 0x[0-9a-f]+ .*"), text);
  }
}
