package dev.isomorph.hostbackend.lower;

import static dev.isomorph.translator.ir.IrBlock.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every cycle of guest code has a place where it can be stopped. */
class ExitLoweringTest {
  private static final long PC = 0x4000;
  private static final long TARGET = 0x1_2345_6788L;
  private static final int CALL_LENGTH = 5;
  private static final byte[] MEMORY = new byte[2 * GuestPages.PAGE];

  @ParameterizedTest
  @CsvSource({
    "EXIT_EQ, -4, POLL",
    "EXIT_EQ, 0, POLL",
    "EXIT_EQ, 4, LINK",
    "JUMP, -4, POLL",
    "JUMP, 0, POLL",
    "JUMP, 4, LINK",
    "CALL, -4, POLL",
    "CALL, 0, POLL",
    "CALL, 4, POLL",
    "JUMP_INDIRECT, 4, POLL",
    "CALL_INDIRECT, 4, POLL",
    "RETURN, 4, POLL",
    "SWITCH, 4, POLL",
  })
  void stopsWhereItMayBeInALoop(IrOp op, long distance, ExitReason expected) {
    IrBlock block = new IrBlock();
    block.beginInstruction(PC, 0x13, 4);
    long target = PC + distance;
    int x = block.emit(IrOp.GET, NONE, NONE, NONE, StateSlot.x(10));
    switch (op) {
      case EXIT_EQ -> {
        block.emit(op, x, x, target);
        block.emit(IrOp.JUMP, NONE, PC + 4);
      }
      case JUMP -> block.emit(op, NONE, target);
      case CALL -> block.emit(op, block.constant(PC + 4), target);
      case CALL_INDIRECT -> block.emit(op, x, block.constant(PC + 4), 0L);
      default -> block.emit(op, x, 0L);
    }
    ArrayState start = States.random(new Random(1));
    start.put(StateSlot.x(10), target);
    try (BlockRunner runner = new BlockRunner()) {
      BlockRunner.Result stopped = runner.run(block, start, MEMORY, true);
      assertEquals(expected, stopped.reason());
      // A side exit has not been taken yet.
      boolean isBefore = op == IrOp.EXIT_EQ && expected == ExitReason.POLL;
      assertEquals(isBefore ? PC : target, stopped.pc());
      ExitReason reason = runner.run(block, start, MEMORY, false).reason();
      boolean isIndirect = op.operands() > 0 && op != IrOp.EXIT_EQ && op != IrOp.CALL;
      assertEquals(isIndirect ? ExitReason.LOOKUP : ExitReason.LINK, reason);
    }
  }

  /** A call of the link stub, the target's pc, and how far back the branch is that came here. */
  @ParameterizedTest
  @EnumSource(names = {"EXIT_EQ", "JUMP", "CALL"})
  void linkDataLeadsToTheBranch(IrOp op) {
    IrBlock block = new IrBlock();
    block.beginInstruction(PC, 0x13, 4);
    int a = block.constant(PC + 4);
    int b = op == IrOp.CALL ? NONE : a;
    block.emit(op, op == IrOp.JUMP ? NONE : a, op == IrOp.JUMP ? NONE : b, TARGET);
    if (op == IrOp.EXIT_EQ) {
      block.emit(IrOp.JUMP, NONE, PC + 4);
    }
    try (BlockRunner runner = new BlockRunner()) {
      runner.run(block, States.random(new Random(1)), MEMORY, false);
      long data = runner.linkData();
      assertEquals(TARGET, HostMemory.getLong(data));
      long branch = data - HostMemory.getInt(data + 8);
      assertEquals(data - CALL_LENGTH, branch + 4 + HostMemory.getInt(branch));
    }
  }

  /** Its target's page may have been mapped elsewhere since: only the jump cache knows. */
  @ParameterizedTest
  @CsvSource({"EXIT_EQ, false", "JUMP, false", "CALL, false", "CALL, true"})
  void findsWhatIsInAnotherPageByTheJumpCache(IrOp op, boolean back) {
    long end = PC + 0xffc;
    long target = back ? PC - 0x1000 : TARGET;
    IrBlock block = new IrBlock();
    block.beginInstruction(end, 0x13, 4);
    int a = block.constant(end + 4);
    switch (op) {
      case JUMP -> block.emit(op, NONE, target);
      case CALL -> block.emit(op, a, target);
      default -> {
        block.emit(op, a, a, target);
        block.emit(IrOp.JUMP, NONE, PC);
      }
    }
    ArrayState state = States.random(new Random(1));
    try (BlockRunner runner = new BlockRunner(Addressing.PAGED)) {
      BlockRunner.Result missed = runner.run(block, state, MEMORY, false);
      assertEquals(ExitReason.LOOKUP, missed.reason());
      assertEquals(target, missed.pc());
      // Whether it is in its first entry, or has been moved by another one.
      for (long other : new long[] {target, target + 2 * (JumpCache.PC_MASK / 2 + 1)}) {
        runner.hart().jumpCache().put(target, runner.faultStub());
        runner.hart().jumpCache().put(other, runner.faultStub());
        assertEquals(ExitReason.FAULT, runner.run(block, state, MEMORY, false).reason());
      }
      if (back || op == IrOp.CALL) {
        BlockRunner.Result polled = runner.run(block, state, MEMORY, true);
        assertEquals(ExitReason.POLL, polled.reason());
        assertEquals(target, polled.pc());
      }
      runner.hart().jumpCache().clear();
      assertEquals(ExitReason.LOOKUP, runner.run(block, state, MEMORY, false).reason());
    }
  }

  /** Neither an entry that is empty, nor the empty return stack, is what anybody asks for. */
  @ParameterizedTest
  @EnumSource(names = {"JUMP_INDIRECT", "CALL_INDIRECT", "RETURN"})
  void bitZeroOfATargetIsTakenForClear(IrOp op) {
    IrBlock block = new IrBlock();
    block.beginInstruction(PC, 0x13, 4);
    int x = block.emit(IrOp.GET, NONE, NONE, NONE, StateSlot.x(10));
    block.emit(op, x, op == IrOp.CALL_INDIRECT ? block.constant(PC + 4) : NONE, 0L);
    ArrayState state = States.random(new Random(1));
    try (BlockRunner runner = new BlockRunner()) {
      runner.run(block, state, MEMORY, false);
      for (long target : new long[] {0, 1, 2, 3, 4, 5, TARGET | 1, -2, -1}) {
        for (int i = 0; i < 2; i++) {
          state.put(StateSlot.x(10), target);
          BlockRunner.Result missed = runner.run(block, state, MEMORY, false);
          assertEquals(ExitReason.LOOKUP, missed.reason());
          assertEquals(target & -2, missed.pc());
          runner.hart().jumpCache().put(target & -2, runner.faultStub());
          assertEquals(ExitReason.FAULT, runner.run(block, state, MEMORY, false).reason());
          runner.hart().jumpCache().remove(target & -2);
        }
      }
    }
  }

  /** Whoever comes there is back in Java at once, for a reason the block itself has not. */
  @ParameterizedTest
  @EnumSource(names = {"JUMP_INDIRECT", "CALL_INDIRECT", "RETURN"})
  void findsBothTargetsOfAnEntryOfTheJumpCache(IrOp op) {
    IrBlock block = new IrBlock();
    block.beginInstruction(PC, 0x13, 4);
    int x = block.emit(IrOp.GET, NONE, NONE, NONE, StateSlot.x(10));
    block.emit(op, x, op == IrOp.CALL_INDIRECT ? block.constant(PC + 4) : NONE, 0L);
    long sameEntry = TARGET + 2 * (JumpCache.PC_MASK / 2 + 1);
    ArrayState state = States.random(new Random(1));
    try (BlockRunner runner = new BlockRunner()) {
      runner.run(block, state, MEMORY, false);
      runner.hart().jumpCache().put(TARGET, runner.faultStub());
      runner.hart().jumpCache().put(sameEntry, runner.faultStub());
      for (long target : new long[] {TARGET, sameEntry}) {
        state.put(StateSlot.x(10), target);
        assertEquals(ExitReason.FAULT, runner.run(block, state, MEMORY, false).reason());
        BlockRunner.Result polled = runner.run(block, state, MEMORY, true);
        assertEquals(ExitReason.POLL, polled.reason());
        assertEquals(target, polled.pc());
      }
      long absent = sameEntry + 2 * (JumpCache.PC_MASK / 2 + 1);
      state.put(StateSlot.x(10), absent);
      BlockRunner.Result missed = runner.run(block, state, MEMORY, false);
      assertEquals(ExitReason.LOOKUP, missed.reason());
      assertEquals(absent, missed.pc());
    }
  }
}
