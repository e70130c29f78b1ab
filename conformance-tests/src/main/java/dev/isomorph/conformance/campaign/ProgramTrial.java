package dev.isomorph.conformance.campaign;

import dev.isomorph.conformance.fuzz.Disagreement;
import dev.isomorph.conformance.fuzz.Judgement;
import dev.isomorph.conformance.fuzz.ProgramJudge;
import java.io.IOException;

/** Random machine code, as whole programs. */
final class ProgramTrial implements Trial {
  private final ProgramJudge judge;

  ProgramTrial(Kind.Equipment equipment) throws IOException, InterruptedException {
    judge = new ProgramJudge(equipment.qemu(), equipment.scratch());
  }

  @Override
  public Verdict judge(long seed) throws IOException, InterruptedException {
    return switch (judge.judge(seed)) {
      case Judgement.Agreement(boolean underQemu) -> new Verdict.Agrees(underQemu);
      case Disagreement found -> new Verdict.Differs(finding(found));
    };
  }

  private static Finding finding(Disagreement found) {
    Finding finding =
        new Finding("a random program differs between golden model and " + found.machine());
    if (!found.command().isEmpty()) {
      finding.note("Run by `" + found.command() + "`, reduced from original.elf.\n");
    }
    return finding
        .note("```\n" + found.differences() + "\n```\n")
        .program("program.elf", found.program())
        .file("program.s", found.listing())
        .program("original.elf", found.original())
        .file("golden.txt", found.expected())
        .file("found.txt", found.found());
  }

  @Override
  public void close() {
    judge.close();
  }
}
