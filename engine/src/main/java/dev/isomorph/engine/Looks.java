package dev.isomorph.engine;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.lift.Jumps;

/**
 * What somebody wants to know of code before it becomes a region and emitted code does not tell: so
 * a hart is evaluated for a moment. Only for who has the turn.
 */
final class Looks {
  /** Guest instructions that are evaluated at a time to see calls; so many take a millisecond. */
  private static final int STEPS = 1500;

  /** The same to see branches only, which takes several moments. */
  private static final int STEPS_FOR_BRANCHES = 500;

  /** The same where programs are short, those of tests. */
  private static final int FEW_STEPS = 100;

  private final CallTargets calls = new CallTargets();
  private final BranchWays branches = new BranchWays();
  private final boolean areShort;

  /** What the present look is for. */
  private boolean seesCalls;

  private boolean seesBranches;

  /**
   * @param areShort whether programs are
   */
  Looks(boolean areShort) {
    this.areShort = areShort;
  }

  CallTargets calls() {
    return calls;
  }

  BranchWays branches() {
    return branches;
  }

  /** Whether a hart is to be evaluated for a moment; if so, that begins. */
  boolean begin(Hart hart) {
    seesCalls = calls.isWanted(hart);
    seesBranches = branches.isWanted(hart);
    return seesCalls || seesBranches;
  }

  /**
   * Runs guest code by the evaluator for that moment. An instruction that cannot access its memory
   * is left to emitted code, which alone knows the fault's signal.
   *
   * @return null if the guest can go on
   */
  Stop run(Hart hart, GuestSpace space, Engine engine) {
    Stop stop = null;
    int most = seesCalls ? STEPS : STEPS_FOR_BRANCHES;
    int steps = areShort ? FEW_STEPS : most;
    for (int i = 0; i < steps && stop == null && !hart.isAsked(); i++) {
      long pc = hart.pc();
      try {
        Instruction instruction = space.codeFor(hart).instruction(pc);
        stop = engine.step(hart);
        if (stop == null && instruction != null) {
          saw(pc, instruction, hart.pc());
        }
      } catch (InternalError gone) {
        break; // Another thread has unmapped the code, or its file has become shorter.
      }
    }
    end();
    return stop instanceof Stop.MemoryFault ? null : stop;
  }

  private void saw(long pc, Instruction instruction, long next) {
    if (seesCalls && Jumps.isIndirectCall(instruction)) {
      calls.add(pc, next);
    }
    if (seesBranches) {
      branches.add(pc, next != pc + instruction.length());
    }
  }

  private void end() {
    if (seesCalls) {
      calls.looked();
    }
    if (seesBranches) {
      branches.looked();
    }
  }
}
