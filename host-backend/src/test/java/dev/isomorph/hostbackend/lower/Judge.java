package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/** Compares what a block's code does with what the evaluator does. */
final class Judge implements AutoCloseable {
  private final Addressing addressing;
  private final BlockRunner runner;
  private final boolean polled;
  private int completed;

  /** A judge of code that is not interrupted, and finds memory in a window. */
  Judge() {
    this(Addressing.WINDOW, false);
  }

  /**
   * @param addressing how the code finds memory
   * @param polled whether the poll flag is set all the time
   */
  Judge(Addressing addressing, boolean polled) {
    this.addressing = addressing;
    this.polled = polled;
    runner = new BlockRunner(addressing);
  }

  /** How many blocks ran to an exit, rather than hand an instruction back to the evaluator. */
  int completed() {
    return completed;
  }

  /** How often blocks have missed a page and gone on. */
  int misses() {
    return runner.misses();
  }

  /** What is wrong with the code of a block, or null. */
  String fault(IrBlock block, ArrayState start, byte[] memory) {
    try {
      BlockRunner.Result actual = runner.run(block, start, memory, polled);
      if (actual.reason() == ExitReason.MISS
          || actual.reason() == ExitReason.EVALUATE && !endsInEvaluation(block, actual.pc())) {
        checkHandedBack(block, start, memory, actual);
      } else {
        checkEnd(untilPoll(block, start, memory), block, start, memory, actual);
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

  /**
   * What of a block is run: all, unless it comes to a branch back, which stops when polled. The
   * branch is yet to be decided then.
   */
  private IrBlock untilPoll(IrBlock block, ArrayState start, byte[] memory) {
    for (int id = 0; polled && id < block.size(); id++) {
      if (block.op(id).isSideExit() && block.imm(id) <= block.pcOf(id)) {
        IrBlock part = firstInstructions(block, block.instructionOf(id));
        Outcome outcome = new Evaluator().run(part, States.copyOf(start), runner.copy(memory));
        if (outcome.operation() == part.size() - 1) {
          return part;
        }
      }
    }
    return block;
  }

  private void checkEnd(
      IrBlock part, IrBlock block, ArrayState start, byte[] memory, BlockRunner.Result actual) {
    ArrayState expected = States.copyOf(start);
    GuestPages.Copy copy = runner.copy(memory);
    Outcome outcome = new Evaluator().run(part, expected, copy);
    boolean leaves = outcome.kind() == Outcome.Kind.EXIT;
    boolean far = leaves && isFar(block, outcome);
    boolean poll = part != block || polled && leaves && (far || polls(block, outcome.operation()));
    ExitReason reason = poll ? ExitReason.POLL : reason(block, outcome, far);
    assertEquals(reason, actual.reason(), outcome.toString());
    assertEquals(outcome.nextPc(), actual.pc(), "pc");
    assertEquals("", States.difference(expected, actual.state()));
    assertEquals(expected.fflags(), actual.state().fflags(), "fflags");
    assertArrayEquals(copy.contents(), actual.memory(), "memory");
    if (outcome.kind() == Outcome.Kind.MEMORY_FAULT && outcome.address() >>> 47 == 0) {
      assertEquals(outcome.address(), runner.faultAddress(), "fault address");
    }
    completed++;
  }

  /** Whether an operation stops when polled if it leaves the block. */
  private static boolean polls(IrBlock block, int id) {
    return switch (block.op(id)) {
      case JUMP -> block.imm(id) <= block.pcOf(id);
      case CALL, JUMP_INDIRECT, CALL_INDIRECT, RETURN, SWITCH -> true;
      default -> false;
    };
  }

  /** Whether a block leaves by a jump that asks the jump cache since it goes to another page. */
  private boolean isFar(IrBlock block, Outcome outcome) {
    return addressing == Addressing.PAGED && (block.startPc() ^ outcome.nextPc()) >>> 12 != 0;
  }

  private static ExitReason reason(IrBlock block, Outcome outcome, boolean far) {
    return switch (outcome.kind()) {
      case EXIT ->
          switch (block.op(outcome.operation())) {
            case JUMP_INDIRECT, CALL_INDIRECT, RETURN, SWITCH -> ExitReason.LOOKUP;
            default -> far ? ExitReason.LOOKUP : ExitReason.LINK;
          };
      case TRAP -> ExitReason.valueOf(outcome.trap().name());
      case MEMORY_FAULT -> ExitReason.FAULT;
      case MISALIGNED -> ExitReason.EVALUATE;
    };
  }

  /** The instruction at pc is the evaluator's to run: state must be as before it. */
  private void checkHandedBack(
      IrBlock block, ArrayState start, byte[] memory, BlockRunner.Result actual) {
    int instruction = 0;
    while (block.pc(instruction) != actual.pc()) {
      instruction++;
    }
    boolean missed = actual.reason() == ExitReason.MISS;
    assertTrue(missed || mayBeHandedBack(block, instruction), "handed back without need");
    ArrayState expected = States.copyOf(start);
    GuestPages.Copy copy = runner.copy(memory);
    new Evaluator().run(firstInstructions(block, instruction), expected, copy);
    assertEquals("", States.difference(expected, actual.state()));
    assertArrayEquals(copy.contents(), actual.memory(), "memory");
    // It may have accrued flags before it gave up, but only such as it will raise again.
    ArrayState after = States.copyOf(start);
    GuestPages.Copy afterCopy = runner.copy(memory);
    new Evaluator().run(firstInstructions(block, instruction + 1), after, afterCopy);
    if (missed) {
      checkMiss(plainAccess(block, instruction), afterCopy.last());
    }
    int flags = actual.state().fflags();
    assertEquals(0, expected.fflags() & ~flags, "flags lost");
    assertEquals(0, flags & ~(after.fflags() | expected.fflags()), "flags raised for nothing");
  }

  /** What is asked for is what the instruction accesses. */
  private void checkMiss(IrOp op, GuestPages.Copy.Access expected) {
    if (op != null) {
      assertEquals(expected.address(), runner.hart().field(RegisterFile.MISSED_ADDRESS));
      int bytes = HostMemory.getInt(runner.hart().address(RegisterFile.MISSED_BYTES));
      assertEquals(expected.write() ? -expected.bytes() : expected.bytes(), bytes);
    }
  }

  /** The load or store of an instruction; null if what it accesses is atomic, or a block. */
  private static IrOp plainAccess(IrBlock block, int instruction) {
    for (int id = 0; id < block.size(); id++) {
      IrOp op = block.op(id);
      if (block.instructionOf(id) == instruction && op.accessesMemory()) {
        return op.compareTo(IrOp.LR32) < 0 ? op : null;
      }
    }
    throw new AssertionError("missed a page without an access");
  }

  private static boolean mayBeHandedBack(IrBlock block, int instruction) {
    for (int id = 0; id < block.size(); id++) {
      IrOp op = block.op(id);
      if (block.instructionOf(id) == instruction
          && block.mayLeave(id)
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
    long next = count < block.instructionCount() ? block.pc(count) : block.endPc();
    part.emitFor(0, IrOp.JUMP, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, next);
    return part;
  }

  @Override
  public void close() {
    runner.close();
  }
}
