package dev.isomorph.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimerTest {
  private static Timer.Run shell(long timeout, String script) throws Exception {
    return new Timer(Clock.WALL, timeout).run(List.of("/bin/sh", "-c", script));
  }

  @Test
  void statusOutputAndErrorsAreKept() throws Exception {
    Timer.Run run = shell(60, "echo out; echo first >&2; echo second >&2; exit 3");
    assertEquals(3, run.status());
    assertEquals("out\n", new String(run.output()));
    assertEquals("status 3: first", run.outcome());
    assertTrue(run.seconds() > 0 && run.seconds() < 60);
  }

  @Test
  void memoryAndTheLaterHalfAreKept() throws Exception {
    Timer.Run run = shell(60, "sleep 0.2; echo warm 1.25 0.75 >&2");
    assertEquals(1.25, run.warm());
    assertTrue(run.peakKib() > 100, run.peakKib() + " KiB");
    assertTrue(Double.isNaN(shell(60, "echo warm 1.25 0.75").warm()));
  }

  @Test
  void processorTimeLeavesWaitingOut() throws Exception {
    Timer.Run run =
        new Timer(Clock.CPU, 60)
            .run(List.of("/bin/sh", "-c", "sleep 0.5; echo warm 1.25 0.75 >&2"));
    assertTrue(run.seconds() < 0.4, run.seconds() + " s");
    assertTrue(run.waited());
    assertEquals(0.75, run.warm());
  }

  @Test
  void translationsAreKeptWhereOneSays() throws Exception {
    List<String> tell = List.of("/bin/sh", "-c", "echo $ISOMORPH_TRANSLATIONS");
    assertEquals("none\n", new String(new Timer(Clock.WALL, 60).run(tell).output()));
    Timer keeping = Timer.keeping(Clock.WALL, 60, Path.of("/a/b"));
    assertEquals("/a/b\n", new String(keeping.run(tell).output()));
  }

  @Test
  void muchOutputDoesNotBlock() throws Exception {
    assertEquals(
        200_000,
        shell(60, "head -c 200000 /dev/zero; head -c 200000 /dev/zero >&2").output().length);
  }

  @Test
  void resultsDifferByOutputOrStatus() throws Exception {
    Timer.Run one = shell(60, "echo x");
    assertTrue(one.sameResult(shell(60, "echo x; echo y >&2")));
    assertFalse(one.sameResult(shell(60, "echo y")));
    assertFalse(one.sameResult(shell(60, "echo x; exit 1")));
  }

  @Test
  void whatTakesTooLongIsEnded() throws Exception {
    Timer.Run run = shell(1, "exec sleep 100");
    assertEquals(-1, run.status());
    assertEquals("took too long", run.outcome());
  }
}
