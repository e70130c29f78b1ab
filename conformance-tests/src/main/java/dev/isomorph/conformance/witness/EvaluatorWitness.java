package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.opt.LoadJoining;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.Pass;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * The lifter and the evaluator of the IR. What is optimised is lifted as translations are: by the
 * rounding mode, and without what is left to the evaluator, which is then run as it is.
 */
public final class EvaluatorWitness implements Witness {
  private static final int FENCE_LENGTH = 4;
  private static final int LAST_HOST_ROUNDING = 3;

  private final String name;
  private final BlockLifter lifter;
  private final BlockLifter single = new BlockLifter(1);
  private final boolean optimise;
  private final Evaluator evaluator = new Evaluator();
  private final ScenarioMemory memory = new ScenarioMemory();

  /** The blocks of the loaded program by what they are lifted for, and their pc. */
  private final Map<LiftMode, Map<Long, IrBlock>> blocks = new EnumMap<>(LiftMode.class);

  /**
   * @param blockLimit how many instructions are lifted at once
   * @param optimise whether the IR is optimised before it is evaluated
   */
  public EvaluatorWitness(int blockLimit, boolean optimise) {
    name = "evaluator of " + (optimise ? "optimised" : "lifted") + " IR, " + blockLimit;
    lifter = new BlockLifter(blockLimit);
    this.optimise = optimise;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void load(Scenario scenario) {
    memory.load(scenario);
    blocks.clear();
  }

  @Override
  public Observation run(Scenario scenario) {
    SparseMemory bytes = memory.memory();
    ArrayState state = stateOf(scenario);
    EvaluatorMemory data = new EvaluatorMemory(bytes);
    long pc = scenario.pc();
    while (true) {
      IrBlock block = block(bytes, pc, mode(state));
      if (block == null) {
        long missing = parcel(bytes, pc) < 0 ? pc : pc + 2;
        return observation(new Ending.MemoryFault(missing, Access.EXECUTE), pc, state);
      }
      Outcome outcome = evaluator.run(block, state, data);
      if (outcome.kind() == Outcome.Kind.TRAP && outcome.trap() == TrapKind.EVALUATE) {
        outcome = evaluator.run(lift(single, bytes, outcome.pc(), LiftMode.EVALUATE), state, data);
      }
      Ending ending = ending(outcome, bytes);
      if (ending != null) {
        return observation(ending, outcome.pc(), state);
      }
      pc = outcome.kind() == Outcome.Kind.EXIT ? outcome.nextPc() : outcome.pc() + FENCE_LENGTH;
    }
  }

  private static ArrayState stateOf(Scenario scenario) {
    ArrayState state = new ArrayState();
    for (int i = 0; i < 32; i++) {
      if (i > 0) {
        state.put(StateSlot.x(i), scenario.x()[i]);
      }
      state.put(StateSlot.f(i), scenario.f()[i]);
    }
    state.fcsr(scenario.fcsr());
    return state;
  }

  private Observation observation(Ending ending, long pc, ArrayState state) {
    long[] x = new long[32];
    long[] f = new long[32];
    for (int i = 0; i < 32; i++) {
      x[i] = state.get(StateSlot.x(i));
      f[i] = state.get(StateSlot.f(i));
    }
    return new Observation(ending, pc, x, f, state.fcsr(), 0, memory.takeData());
  }

  private LiftMode mode(ArrayState state) {
    if (!optimise) {
      return LiftMode.EVALUATE;
    }
    return state.get(StateSlot.FRM) <= LAST_HOST_ROUNDING
        ? LiftMode.TRANSLATE
        : LiftMode.TRANSLATE_UNUSUAL_ROUNDING;
  }

  private static IrBlock lift(BlockLifter lifter, SparseMemory bytes, long pc, LiftMode mode) {
    IrBlock lifted = new IrBlock();
    return lifter.lift(at -> parcel(bytes, at), pc, mode, lifted) ? lifted : null;
  }

  /** The IR of the code at {@code pc}; null if its first instruction cannot be fetched. */
  private IrBlock block(SparseMemory bytes, long pc, LiftMode mode) {
    Map<Long, IrBlock> byPc = blocks.computeIfAbsent(mode, each -> new HashMap<>());
    IrBlock known = byPc.get(pc);
    if (known != null) {
      return known;
    }
    IrBlock lifted = lift(lifter, bytes, pc, mode);
    if (lifted == null) {
      return null;
    }
    // An optimiser's result is good until its next call, so each block gets its own.
    // Who runs blocks without an engine has nobody to settle the faults of joined accesses.
    Optimizer optimizer = new Optimizer(Pass.ALL, LoadJoining.NEVER);
    IrBlock block = optimise ? optimizer.optimise(lifted) : lifted;
    byPc.put(pc, block);
    return block;
  }

  @Override
  public String listing(Scenario scenario) {
    observe(scenario);
    StringBuilder text = new StringBuilder();
    blocks
        .values()
        .forEach(
            byPc ->
                byPc.forEach(
                    (pc, block) -> text.append(String.format("block at 0x%x:%n%s", pc, block))));
    return text.toString();
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
            case EVALUATE, PRIVILEGED -> throw new IllegalStateException("not to be evaluated");
          };
    };
  }

  private static Ending illegal(SparseMemory memory, long pc) {
    int low = parcel(memory, pc);
    int bits = Instruction.lengthOf(low) == 4 ? parcel(memory, pc + 2) << 16 | low : low;
    return new Ending.IllegalInstruction(Decoder.decode(bits).bits());
  }
}
