package dev.isomorph.tools.diff;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.engine.Hart;
import dev.isomorph.engine.Stop;
import dev.isomorph.engine.WindowMemory;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.syscall.ProcessEnd;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.TrapKind;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.Lifter;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Compares emitted code with the evaluator: before each block runs, the evaluator runs the same
 * instructions on a copy of the registers and with stores held back; afterwards both must have come
 * to the same registers, the same memory and the same end.
 */
final class EvaluatorCheck extends Checker {
  private final Map<TranslatedBlock, Trial[]> trials = new IdentityHashMap<>();
  private final Evaluator evaluator = new Evaluator();
  private final ArrayState state = new ArrayState();
  private final ArrayState before = new ArrayState();
  private JournalMemory journal;

  /** What the evaluator made of the block that runs. */
  private Outcome outcome;

  private boolean compares;
  private long counters;

  /** A part of a block for the evaluator, neither optimised nor otherwise the translation's. */
  private record Trial(IrBlock ir, boolean readsCounter) {}

  EvaluatorCheck(int blockLimit, int context, Progress progress) {
    super("the evaluator", blockLimit, context, progress);
  }

  @Override
  public void started(Hart hart, AddressSpace space, Names names) {
    super.started(hart, space, names);
    journal = new JournalMemory(new WindowMemory(space));
  }

  @Override
  public void entering(Hart hart, TranslatedBlock entered) {
    if (!follows(hart)) {
      return;
    }
    block = entered;
    steps = 0;
    before.copy(hart.evaluatorView());
    journal.clear();
    evaluate(entered.instructionCount());
    compares = !trial(0, entered.instructionCount()).readsCounter;
    counters += compares ? 0 : 1;
  }

  /** Has the evaluator run the block as far as it goes on in it, up to instruction {@code end}. */
  private void evaluate(int end) {
    state.copy(before);
    int from = 0;
    while (from >= 0 && from < end) {
      outcome = evaluator.run(trial(from, end).ir, state, journal);
      int behind = from + outcome.instruction() + 1;
      for (int i = from; i < behind; i++) {
        take(i);
      }
      boolean exits = outcome.kind() == Outcome.Kind.EXIT;
      from = exits ? next(block, behind, outcome.nextPc()) : -1;
    }
  }

  private Trial trial(int from, int end) {
    if (end < block.instructionCount()) {
      return trialOf(block, from, end);
    }
    Trial[] ofBlock = trials.computeIfAbsent(block, each -> new Trial[each.instructionCount()]);
    if (ofBlock[from] == null) {
      ofBlock[from] = trialOf(block, from, end);
    }
    return ofBlock[from];
  }

  @Override
  public void left(Hart hart, TranslatedBlock of, Stop stop) {
    if (!follows(hart)) {
      return;
    }
    if (compares) {
      compare(hart, stop);
    }
    if (stop instanceof Stop.SystemCall && KernelCalls.startsThread(hart, space)) {
      throw new ComparisonEnd(false, "a second thread starts, which is more than can be followed");
    }
  }

  private void compare(Hart hart, Stop stop) {
    boolean goesOn = stop == null || stop instanceof Stop.Polled;
    int until = goesOn && hart.pc() != outcome.nextPc() ? stepsUntil(hart.pc()) : -1;
    if (until >= 0) {
      int end = step(until);
      takeBack(steps);
      journal.rewind();
      evaluate(end);
    }
    long wanted = outcome.nextPc();
    if (outcome.trap() == TrapKind.FENCE_I) {
      wanted += Integer.BYTES;
    }
    String problem = null;
    if (hart.pc() != wanted || !state.hasRegistersOf(hart.evaluatorView())) {
      problem = "registers differ";
    } else if (!isExpected(stop)) {
      problem = "Isomorph stops by " + stop + ", the evaluator by " + outcome;
    } else if (journal.missing() >= 0) {
      problem = "memory differs at 0x" + Long.toHexString(journal.missing());
    }
    if (problem != null) {
      throw new ComparisonEnd(
          true,
          divergenceAt(hart.pc())
              .append(": ")
              .append(problem)
              .append('\n')
              .append(RegisterTable.of(hart, evaluated(wanted), false, witness, names))
              .append(context())
              .toString());
    }
  }

  /** The state as the evaluator has left it. */
  private GuestState evaluated(long pc) {
    GuestState evaluated = new GuestState();
    evaluated.pc = pc;
    for (int i = 0; i < GuestState.REGISTERS; i++) {
      evaluated.set(i, state.get(i));
    }
    evaluated.fcsr = state.fcsr();
    evaluated.fcsrKnown = true;
    return evaluated;
  }

  /** Whether the guest stops as the evaluator said; it may be asked to stop at any time. */
  private boolean isExpected(Stop stop) {
    return switch (outcome.kind()) {
      case EXIT -> stop == null || stop instanceof Stop.Polled;
      case MEMORY_FAULT ->
          stop instanceof Stop.MemoryFault fault && fault.address() == outcome.address();
      case MISALIGNED ->
          stop instanceof Stop.Misaligned access && access.address() == outcome.address();
      case TRAP ->
          switch (outcome.trap()) {
            case SYSTEM_CALL -> stop instanceof Stop.SystemCall;
            case BREAKPOINT -> stop instanceof Stop.Breakpoint;
            case ILLEGAL_INSTRUCTION -> stop instanceof Stop.IllegalInstruction;
            case FENCE_I -> stop == null;
            case EVALUATE, PRIVILEGED -> false;
          };
    };
  }

  @Override
  ComparisonEnd atEnd(ProcessEnd end) {
    return new ComparisonEnd(false, "the program ends");
  }

  @Override
  Map<String, Integer> adoptedCalls() {
    return Map.of();
  }

  @Override
  long adoptedBytes() {
    return 0;
  }

  @Override
  long adoptedCounters() {
    return counters;
  }

  /** Lifts some of the instructions that a block was translated from: from {@code from} on. */
  private static Trial trialOf(TranslatedBlock block, int from, int end) {
    Lifter lifter = new Lifter(LiftMode.EVALUATE);
    IrBlock ir = new IrBlock();
    boolean ended = false;
    int last = end - 1;
    for (int i = from; i <= last; i++) {
      Instruction instruction = Decoder.decode(block.encoding(i));
      long pc = block.pc(i);
      boolean followed = i < last && instruction.opcode() == Opcode.JAL && instruction.rd() == 0;
      if (followed) {
        ir.beginInstruction(pc, instruction.bits(), instruction.length());
      } else {
        ended = lifter.lift(instruction, pc, ir);
      }
    }
    if (!ended) {
      boolean cut = end < block.instructionCount();
      long next = block.pc(last) + block.instructionLength(last);
      ir.emit(IrOp.JUMP, IrBlock.NONE, cut ? block.pc(end) : next);
    }
    boolean readsCounter = false;
    for (int id = 0; id < ir.size(); id++) {
      readsCounter |= ir.op(id) == IrOp.COUNTER;
    }
    return new Trial(ir, readsCounter);
  }
}
