package dev.isomorph.conformance.fuzz;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.tools.Qemu;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fixed lot of the programs that campaigns make without end. */
class ProgramJudgeTest {
  private static final int PROGRAMS = Integer.getInteger("isomorph.programs", 200);

  @TempDir Path scratch;

  @Test
  void allMachinesAgree() throws Exception {
    try (ProgramJudge judge = new ProgramJudge(Qemu.newest(), scratch)) {
      for (long seed = 0; seed < PROGRAMS; seed++) {
        Disagreement disagreement = judge.disagreement(seed);
        assertNull(disagreement, () -> text(disagreement));
      }
    }
  }

  private static String text(Disagreement found) {
    return "\n%s differs from the golden model:\n%s\n%s"
        .formatted(found.machine(), found.differences(), found.listing());
  }
}
