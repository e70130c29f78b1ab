package dev.isomorph.conformance.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
        if (judge.judge(seed) instanceof Disagreement found) {
          fail(text(found));
        }
      }
    }
  }

  @Test
  void whatNoQemuHasSeenIsSaid() throws Exception {
    try (ProgramJudge judge = new ProgramJudge(null, scratch)) {
      assertEquals(new Judgement.Agreement(false), judge.judge(1));
    }
  }

  @Test
  void qemuIsAskedWhatItKnows() throws Exception {
    Qemu qemu = Qemu.newest();
    assumeTrue(qemu != null, "no qemu");
    QemuMachine machine = new QemuMachine(qemu, scratch);
    try (ProgramJudge judge = new ProgramJudge(qemu, scratch)) {
      for (long seed = 1; seed <= 10; seed++) {
        assertEquals(
            new Judgement.Agreement(machine.knows(ProgramGenerator.program(seed))),
            judge.judge(seed));
      }
    }
  }

  private static String text(Disagreement found) {
    return "\n%s differs from the golden model:\n%s\n%s"
        .formatted(found.machine(), found.differences(), found.listing());
  }
}
