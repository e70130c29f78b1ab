package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.LiftMode;

/** The lifter and the evaluator of the IR. */
public final class EvaluatorWitness implements Witness {
  private static final int FENCE_LENGTH = 4;

  private final String name;
  private final BlockLifter lifter;
  private final Evaluator evaluator = new Evaluator();
  private final IrBlock block = new IrBlock();
  private final ScenarioMemory memory = new ScenarioMemory();

  /**
   * @param blockLimit how many instructions are lifted at once
   */
  public EvaluatorWitness(int blockLimit) {
    name = "evaluator, " + blockLimit + " at once";
    lifter = new BlockLifter(blockLimit);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Observation observe(Scenario scenario) {
    SparseMemory bytes = memory.begin(scenario);
    EvaluatorState state = new EvaluatorState(scenario);
    EvaluatorMemory data = new EvaluatorMemory(bytes);
    long pc = scenario.pc();
    while (true) {
      block.clear();
      if (!lifter.lift(at -> parcel(bytes, at), pc, LiftMode.EVALUATE, block)) {
        long missing = parcel(bytes, pc) < 0 ? pc : pc + 2;
        return state.observation(
            new Ending.MemoryFault(missing, Access.EXECUTE), pc, memory.data());
      }
      Outcome outcome = evaluator.run(block, state, data);
      Ending ending = ending(outcome, bytes);
      if (ending != null) {
        return state.observation(ending, outcome.pc(), memory.data());
      }
      pc = outcome.kind() == Outcome.Kind.EXIT ? outcome.nextPc() : outcome.pc() + FENCE_LENGTH;
    }
  }

  private static int parcel(SparseMemory memory, long address) {
    return memory.allows(address, Access.EXECUTE) && memory.allows(address + 1, Access.EXECUTE)
        ? (int) memory.peek(address, 2)
        : -1;
  }

  /** Why the guest stops; null if it does not. */
  private static Ending ending(Outcome outcome, SparseMemory memory) {
    return switch (outcome.kind()) {
      case EXIT -> null;
      case MEMORY_FAULT ->
          new Ending.MemoryFault(outcome.address(), outcome.write() ? Access.WRITE : Access.READ);
      case MISALIGNED -> new Ending.Misaligned(outcome.address());
      case TRAP ->
          switch (outcome.trap()) {
            case SYSTEM_CALL -> new Ending.SystemCall();
            case BREAKPOINT -> new Ending.Breakpoint();
            case ILLEGAL_INSTRUCTION -> illegal(memory, outcome.pc());
            case FENCE_I -> null;
            case EVALUATE -> throw new IllegalStateException("not to be evaluated");
          };
    };
  }

  private static Ending illegal(SparseMemory memory, long pc) {
    int low = parcel(memory, pc);
    int bits = (low & 3) == 3 ? parcel(memory, pc + 2) << 16 | low : low;
    return new Ending.IllegalInstruction(Decoder.decode(bits).bits());
  }
}
