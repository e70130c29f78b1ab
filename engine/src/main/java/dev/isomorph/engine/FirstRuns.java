package dev.isomorph.engine;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.TrapKind;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.Lifter;

/**
 * Has the evaluator run code that is met for the first time. Much of a program runs once, and to
 * translate an instruction takes several times as long as to evaluate it; what is met again is
 * translated.
 *
 * <p>Only what goes on to a next instruction, and system calls, are settled here. At whatever else
 * an instruction does, guest code is as before it, and is to be translated, which does the same and
 * reports it: a fault's signal is known to emitted code alone.
 */
final class FirstRuns implements AutoCloseable {
  /**
   * Instructions evaluated in a row, after which somebody may want the hart: as many as a block
   * has, so that where blocks will start has been met.
   */
  private static final int LONGEST = BlockLifter.DEFAULT_LIMIT;

  private final Translator translator;
  private final EngineStats stats;

  private final GuardedCode code;
  private final GuardedMemory memory;
  private final Lifter lifter = new Lifter(LiftMode.EVALUATE);
  private final Evaluator evaluator = new Evaluator();
  private final IrBlock block = new IrBlock();

  private final MetCode met = new MetCode();

  FirstRuns(GuestMemory guest, Translator translator, EngineStats stats) {
    this.translator = translator;
    this.stats = stats;
    code = new GuardedCode(guest);
    memory = new GuardedMemory(guest);
  }

  /** Whether code at the hart's pc is to be run here. From now on it has been met. */
  boolean takes(long pc, int mode) {
    return !translator.prefersTranslation() && met.meet(pc) && !translator.has(pc, mode);
  }

  /**
   * Runs the code at the hart's pc to a jump, or some way.
   *
   * @return null if the guest can go on at its pc
   */
  Stop run(Hart hart) {
    code.refresh();
    long pc = hart.pc();
    int done = 0;
    Stop stop = null;
    while (done < LONGEST) {
      Instruction instruction = code.instruction(pc);
      if (instruction == null) {
        break;
      }
      long next = pc + instruction.length();
      Outcome outcome = evaluate(instruction, pc, next, hart);
      if (outcome.kind() != Outcome.Kind.EXIT) {
        if (outcome.kind() == Outcome.Kind.TRAP && outcome.trap() == TrapKind.SYSTEM_CALL) {
          stop = new Stop.SystemCall();
        } else {
          met.meet(pc);
        }
        break;
      }
      done++;
      pc = outcome.nextPc();
      if (pc != next || translator.isTranslated(pc)) {
        break;
      }
    }
    hart.pc(pc);
    stats.evaluated += done;
    return stop;
  }

  private Outcome evaluate(Instruction instruction, long pc, long next, Hart hart) {
    block.clear();
    if (!lifter.lift(instruction, pc, block)) {
      block.emit(IrOp.JUMP, IrBlock.NONE, next);
    }
    return evaluator.run(block, hart.evaluatorView(), memory);
  }

  @Override
  public void close() {
    code.close();
    memory.close();
  }
}
