package dev.isomorph.engine;

import dev.isomorph.decoder.Instruction;

/**
 * What somebody wants to know of code before it becomes a region and emitted code does not tell: so
 * a hart is evaluated for a moment. Only for who has the turn.
 */
final class Looks {
  /** Guest instructions that are evaluated at a time; so many take a millisecond. */
  private static final int STEPS = 1500;

  /** The same where programs are short, those of tests. */
  private static final int FEW_STEPS = 100;

  private final CallTargets calls = new CallTargets();
  private final BranchWays branches = new BranchWays();
  private final int steps;

  /** What the present look is for. */
  private boolean seesCalls;

  private boolean seesBranches;

  /**
   * @param areShort whether programs are
   */
  Looks(boolean areShort) {
    steps = areShort ? FEW_STEPS : STEPS;
  }

  CallTargets calls() {
    return calls;
  }

  BranchWays branches() {
    return branches;
  }

  /** Guest instructions that are evaluated at a time. */
  int steps() {
    return steps;
  }

  /** Whether a hart is to be evaluated for a moment; if so, that begins. */
  boolean begin(Hart hart) {
    seesCalls = calls.isWanted(hart);
    seesBranches = branches.isWanted(hart);
    return seesCalls || seesBranches;
  }

  /** An instruction has been evaluated. */
  void saw(long pc, Instruction instruction, long next) {
    if (seesCalls && ObservedCode.isIndirectCall(instruction)) {
      calls.add(pc, next);
    }
    if (seesBranches) {
      branches.add(pc, next != pc + instruction.length());
    }
  }

  /** It has come to its end. */
  void end() {
    if (seesCalls) {
      calls.looked();
    }
    if (seesBranches) {
      branches.looked();
    }
  }
}
