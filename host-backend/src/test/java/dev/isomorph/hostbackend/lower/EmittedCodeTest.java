package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrVerifier;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.opt.Optimizer;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Emitted code does what the evaluator does: random blocks, before and after optimisation. */
class EmittedCodeTest {
  private static final int BLOCKS = Integer.getInteger("isomorph.blocks", 1000);
  private static final int LENGTH = 40;

  private static BlockRunner runner;

  private int completed;

  @BeforeAll
  static void open() {
    runner = new BlockRunner();
  }

  @AfterAll
  static void close() {
    runner.close();
  }

  @ParameterizedTest
  @EnumSource
  void doesWhatTheEvaluatorDoes(RandomIr.Profile profile) {
    long firstSeed = Long.getLong("isomorph.seed", 1);
    for (long seed = firstSeed; seed < firstSeed + BLOCKS; seed++) {
      Random random = new Random(seed);
      Snapshot start = Snapshot.random(random);
      byte[] memory = new byte[2 * GuestPages.PAGE];
      random.nextBytes(memory);
      int frm = (int) start.get(StateSlot.FRM);
      IrBlock block = RandomIr.block(random, profile, frm, LENGTH);
      assertTrue(IrVerifier.verify(block));
      check("seed " + seed, block, start, memory);
      check("optimised, seed " + seed, new Optimizer().optimise(block), start, memory);
    }
    assertTrue(completed > BLOCKS / 4, () -> "only " + completed + " blocks ran to an exit");
  }

  private void check(String what, IrBlock block, Snapshot start, byte[] memory) {
    String fault = fault(block, start, memory);
    if (fault != null) {
      IrBlock small = Reducer.reduce(block, b -> fault(b, start, memory) != null);
      fail(what + ": " + fault + "\n" + fault(small, start, memory) + " in\n" + small);
    }
  }

  /** What is wrong with the code of a block, or null. */
  private String fault(IrBlock block, Snapshot start, byte[] memory) {
    try {
      BlockRunner.Result actual = runner.run(block, start, memory);
      if (actual.reason() == ExitReason.EVALUATE && !endsInEvaluation(block, actual.pc())) {
        checkHandedBack(block, start, memory, actual);
      } else {
        checkEnd(block, start, memory, actual);
      }
      return null;
    } catch (AssertionError | RuntimeException e) {
      return e.toString();
    }
  }

  private static boolean endsInEvaluation(IrBlock block, long pc) {
    int last = block.size() - 1;
    return block.op(last) == IrOp.TRAP && block.pcOf(last) == pc;
  }

  private void checkEnd(
      IrBlock block, Snapshot start, byte[] memory, BlockRunner.Result actual) {
    Snapshot expected = Snapshot.copyOf(start);
    GuestPages.Copy copy = new GuestPages.Copy(memory);
    Outcome outcome = new Evaluator().run(block, expected, copy);
    assertEquals(reason(block, outcome), actual.reason(), outcome.toString());
    assertEquals(outcome.nextPc(), actual.pc(), "pc");
    assertEquals(expected.toString(), actual.state().toString());
    assertEquals(expected.fflags(), actual.state().fflags(), "fflags");
    assertArrayEquals(copy.contents(), actual.memory(), "memory");
    if (outcome.kind() == Outcome.Kind.MEMORY_FAULT && outcome.address() >>> 47 == 0) {
      assertEquals(outcome.address(), runner.faultAddress(), "fault address");
    }
    completed++;
  }

  private static ExitReason reason(IrBlock block, Outcome outcome) {
    return switch (outcome.kind()) {
      case EXIT ->
          switch (block.op(outcome.operation())) {
            case JUMP_INDIRECT, CALL_INDIRECT, RETURN -> ExitReason.LOOKUP;
            default -> ExitReason.LINK;
          };
      case TRAP -> ExitReason.valueOf(outcome.trap().name());
      case MEMORY_FAULT -> ExitReason.FAULT;
      case MISALIGNED -> ExitReason.EVALUATE;
    };
  }

  /** The instruction at pc is the evaluator's to run: state must be as before it. */
  private static void checkHandedBack(
      IrBlock block, Snapshot start, byte[] memory, BlockRunner.Result actual) {
    int instruction = 0;
    while (block.pc(instruction) != actual.pc()) {
      instruction++;
    }
    assertTrue(mayBeHandedBack(block, instruction), "handed back without need");
    Snapshot expected = Snapshot.copyOf(start);
    GuestPages.Copy copy = new GuestPages.Copy(memory);
    new Evaluator().run(firstInstructions(block, instruction), expected, copy);
    assertEquals(expected.toString(), actual.state().toString());
    assertArrayEquals(copy.contents(), actual.memory(), "memory");
    // It may have accrued flags before it gave up, but only such as it will raise again.
    Snapshot after = Snapshot.copyOf(start);
    GuestPages.Copy afterCopy = new GuestPages.Copy(memory);
    new Evaluator().run(firstInstructions(block, instruction + 1), after, afterCopy);
    int flags = actual.state().fflags();
    assertEquals(0, expected.fflags() & ~flags, "flags lost");
    assertEquals(0, flags & ~(after.fflags() | expected.fflags()), "flags raised for nothing");
  }

  private static boolean mayBeHandedBack(IrBlock block, int instruction) {
    for (int id = 0; id < block.size(); id++) {
      IrOp op = block.op(id);
      if (block.instructionOf(id) == instruction
          && op.mayLeave()
          && op.effect() != IrOp.Effect.MEMORY_READ
          && op.effect() != IrOp.Effect.EXIT) {
        return true;
      }
    }
    return false;
  }

  private static IrBlock firstInstructions(IrBlock block, int count) {
    IrBlock part = new IrBlock();
    part.copyInstructions(block);
    for (int id = 0; id < block.size() && block.instructionOf(id) < count; id++) {
      part.emitFor(
          block.instructionOf(id),
          block.op(id),
          block.a(id),
          block.b(id),
          block.c(id),
          block.imm(id));
    }
    part.emitFor(0, IrOp.JUMP, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, 0);
    return part;
  }
}
