package dev.isomorph.processvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs do the same when they run with what was translated before. */
class KeptTranslationsTest {
  @TempDir static Path folder;

  @BeforeAll
  static void compile() throws Exception {
    CProgram.assumePresent(CProgram.GUEST_COMPILER);
    Path source = folder.resolve("kept.c");
    try (InputStream stream = KeptTranslationsTest.class.getResourceAsStream("/kept.c")) {
      Files.copy(stream, source);
    }
    String program = folder.resolve("kept").toString();
    List<String> command =
        List.of(CProgram.GUEST_COMPILER, "-O2", "-static", "-o", program, source.toString());
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    assumeTrue(status == 0, "no static programs can be made");
  }

  private static GuestRun.Outcome run(String... words) throws Exception {
    return GuestRun.start(folder, Map.of(), GuestRun.command(words));
  }

  /** How many of something the processes had, as each said at its end. */
  private static List<Long> counts(GuestRun.Outcome run, String what) {
    List<Long> counts = new ArrayList<>();
    Matcher line = Pattern.compile(Pattern.quote(what) + " +(\\d+)").matcher(run.errors());
    while (line.find()) {
      counts.add(Long.valueOf(line.group(1)));
    }
    return counts;
  }

  private static long translated(GuestRun.Outcome run) {
    return counts(run, "blocks translated").stream().mapToLong(n -> n).sum();
  }

  @Test
  void nothingIsTranslatedTwice() throws Exception {
    GuestRun.Outcome without = run("./kept", "again");
    assertEquals(5, without.status());
    String directory = folder.resolve("new/translations").toString();
    GuestRun.Outcome first = run("-stats", "-translations", directory, "build", "./kept", "again");
    assertEquals(without.output(), first.output());
    // The child, and its child in the program run again, have what the first process made.
    assertEquals(3, counts(first, "blocks translated").size(), first.errors());
    assertTrue(counts(first, "blocks kept from before").stream().filter(n -> n > 0).count() >= 2);
    GuestRun.Outcome second = run("-stats", "-translations", directory, "build", "./kept", "again");
    assertEquals(without.output(), second.output());
    assertEquals(without.status(), second.status());
    long fresh = translated(second);
    long before = translated(first);
    assertTrue(fresh < before / 20, fresh + " of " + before + " blocks translated again");
    GuestRun.Outcome other =
        run("-stats", "-translations", directory, "other build", "./kept", "again");
    long others = translated(other);
    // Where polls find the guest, which depends on time, a block or two may start.
    assertTrue(others > before / 2, others + " blocks translated by another build");
  }

  @Test
  void withoutAFolderTheLaterProcessesOfARunShare() throws Exception {
    GuestRun.Outcome run = run("-stats", "./kept", "again");
    List<Long> kept = counts(run, "blocks kept from before");
    assertEquals(3, kept.size(), run.errors());
    assertEquals(2, kept.stream().filter(n -> n > 0).count(), run.errors());
  }

  @Test
  void aFolderThatCannotBeMadeIsDoneWithout() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    String directory = file.resolve("sub").toString();
    for (int i = 0; i < 2; i++) {
      GuestRun.Outcome run = run("-translations", directory, "build", "./kept");
      assertEquals(5, run.status());
      assertEquals("", run.errors());
    }
    assertFalse(Files.exists(Path.of(directory)));
  }
}
