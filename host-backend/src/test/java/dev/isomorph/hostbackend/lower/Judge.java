package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/** Compares what a block's code does with what the evaluator does. */
final class Judge implements AutoCloseable {
  private final BlockRunner runner = new BlockRunner();
  private int completed;

  /** How many blocks ran to an exit, rather than hand an instruction back to the evaluator. */
  int completed() {
    return completed;
  }

  /** What is wrong with the code of a block, or null. */
  String fault(IrBlock block, Snapshot start, byte[] memory) {
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

  private void checkEnd(IrBlock block, Snapshot start, byte[] memory, BlockRunner.Result actual) {
    Snapshot expected = Snapshot.copyOf(start);
    GuestPages.Copy copy = new GuestPages.Copy(memory);
    Outcome outcome = new Evaluator().run(block, expected, copy);
    assertEquals(reason(block, outcome), actual.reason(), outcome.toString());
    assertEquals(outcome.nextPc(), actual.pc(), "pc");
    assertTrue(expected.sameAs(actual.state()), () -> expected.difference(actual.state()));
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
    assertTrue(expected.sameAs(actual.state()), () -> expected.difference(actual.state()));
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

  @Override
  public void close() {
    runner.close();
  }
}
