package dev.isomorph.translator.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks as a whole: state, control flow, and where they stop. */
class EvaluatorTest {
  private static final long PC = 0x1000;

  private final IrBlock block = new IrBlock();
  private final ArrayState state = new ArrayState();
  private final ArrayMemory memory = new ArrayMemory();
  private final Evaluator evaluator = new Evaluator();

  EvaluatorTest() {
    instruction();
  }

  private void instruction() {
    block.beginInstruction(PC + 4L * block.instructionCount(), 0x13, 4);
  }

  private Outcome run() {
    return evaluator.run(block, state, memory);
  }

  /** Emits an operation without operands. */
  private int emit(IrOp op, long imm) {
    return block.emit(op, IrBlock.NONE, imm);
  }

  private int get(int register) {
    return emit(IrOp.GET, StateSlot.x(register));
  }

  private void put(int register, int value) {
    block.emit(IrOp.PUT, value, (long) StateSlot.x(register));
  }

  private void jump() {
    emit(IrOp.JUMP, 0x2000);
  }

  @Test
  void readsComputesAndWrites() {
    state.put(5, 40);
    put(6, block.emit(IrOp.ADD, get(5), block.constant(2)));
    jump();
    Outcome outcome = run();
    assertEquals(42, state.get(6));
    assertEquals(Outcome.Kind.EXIT, outcome.kind());
    assertEquals(0x2000, outcome.nextPc());
    assertEquals(block.size() - 1, outcome.operation());
    assertNull(outcome.trap());
  }

  @Test
  void readsX0AsZero() {
    put(6, get(0));
    jump();
    state.put(6, 1);
    run();
    assertEquals(0, state.get(6));
  }

  @Test
  void selectsByThreeOperands() {
    put(6, block.emit(IrOp.SELECT, block.constant(0), block.constant(1), block.constant(2), 0));
    jump();
    run();
    assertEquals(2, state.get(6));
  }

  @Test
  void movesFloatRegistersAsRawBits() {
    state.put(StateSlot.f(1), 0x7ff0_0000_0000_0001L);
    int f = emit(IrOp.GETF, StateSlot.f(1));
    block.emit(IrOp.PUTF, f, (long) StateSlot.f(2));
    put(6, block.emit(IrOp.FLOAT_TO_BITS, f));
    block.emit(
        IrOp.PUTF, block.emit(IrOp.BITS_TO_FLOAT, block.constant(-5)), (long) StateSlot.f(3));
    jump();
    run();
    assertEquals(0x7ff0_0000_0000_0001L, state.get(StateSlot.f(2)));
    assertEquals(0x7ff0_0000_0000_0001L, state.get(6));
    assertEquals(-5, state.get(StateSlot.f(3)));
  }

  @ParameterizedTest
  @CsvSource({"7, 8192, 0", "8, 12288, 1"})
  void takesTheSideExitThatHolds(long x5, long nextPc, int instruction) {
    state.put(5, x5);
    int exit = block.emit(IrOp.EXIT_NE, get(5), block.constant(8), 0x2000L);
    instruction();
    emit(IrOp.JUMP, 0x3000);
    Outcome outcome = run();
    assertEquals(nextPc, outcome.nextPc());
    assertEquals(instruction, outcome.instruction());
    assertEquals(PC + 4 * instruction, outcome.pc());
    assertEquals(instruction == 0 ? exit : block.size() - 1, outcome.operation());
  }

  @Test
  void calls() {
    block.emit(IrOp.CALL, block.constant(PC + 4), 0x2000L);
    assertEquals(0x2000, run().nextPc());
  }

  @ParameterizedTest
  @EnumSource(names = {"JUMP_INDIRECT", "CALL_INDIRECT", "RETURN", "SWITCH"})
  void jumpsIndirectly(IrOp op) {
    int target = block.constant(0x1235);
    block.emit(op, target, op == IrOp.CALL_INDIRECT ? block.constant(PC + 4) : IrBlock.NONE);
    assertEquals(0x1234, run().nextPc());
  }

  @ParameterizedTest
  @EnumSource
  void traps(TrapKind kind) {
    put(5, block.constant(1));
    instruction();
    emit(IrOp.TRAP, kind.ordinal());
    Outcome outcome = run();
    assertEquals(Outcome.Kind.TRAP, outcome.kind());
    assertSame(kind, outcome.trap());
    assertEquals(1, outcome.instruction());
    assertEquals(PC + 4, outcome.pc());
    assertEquals(PC + 4, outcome.nextPc());
    assertEquals(1, state.get(5));
  }

  @Test
  void refusesABlockWithoutAnEnd() {
    put(5, block.constant(1));
    assertThrows(IllegalStateException.class, this::run);
  }

  @Test
  void stopsBeforeTheStateWritesOfAFaultingInstruction() {
    put(5, block.constant(1));
    instruction();
    int address = block.constant(0x40);
    put(6, block.emit(IrOp.LD32S, address, 2L));
    jump();
    Outcome outcome = run();
    assertEquals(Outcome.Kind.MEMORY_FAULT, outcome.kind());
    assertEquals(0x42, outcome.address());
    assertEquals(false, outcome.write());
    assertEquals(1, outcome.instruction());
    assertEquals(PC + 4, outcome.nextPc());
    assertEquals(1, state.get(5));
    assertEquals(0, state.get(6));
    assertEquals("MEMORY_FAULT at 0x1004 loading from 0x42", outcome.toString());
  }

  @Test
  void forgetsTheLastOutcome() {
    put(6, block.emit(IrOp.LD8U, block.constant(0), 0L));
    run();
    block.clear();
    instruction();
    jump();
    Outcome outcome = run();
    assertEquals(Outcome.Kind.EXIT, outcome.kind());
    assertEquals(0, outcome.address());
  }

  @Test
  void runsBlocksLargerThanThoseBefore() {
    int sum = block.constant(0);
    for (int i = 0; i < 1000; i++) {
      sum = block.emit(IrOp.ADD, sum, block.constant(i));
    }
    put(5, sum);
    jump();
    run();
    assertEquals(499_500, state.get(5));
  }

  @Test
  void readsCounters() {
    put(5, emit(IrOp.COUNTER, 0xc02));
    jump();
    run();
    assertEquals(0xc02 * 1000, state.get(5));
  }

  @Test
  void readsAndWritesFlags() {
    state.fflags(ExceptionFlags.OF);
    put(5, block.emit(IrOp.GET_FFLAGS));
    block.emit(IrOp.SET_FFLAGS, block.constant(0xf1));
    jump();
    run();
    assertEquals(ExceptionFlags.OF, state.get(5));
    assertEquals(ExceptionFlags.NV | ExceptionFlags.NX, state.fflags());
  }

  private void divideOneByThree(long mode) {
    int one = doubleConstant(1);
    int three = doubleConstant(3);
    block.emit(IrOp.PUTF, block.emit(IrOp.FDIV_D, one, three, mode), (long) StateSlot.f(1));
    jump();
  }

  private int doubleConstant(double value) {
    return block.emit(IrOp.BITS_TO_FLOAT, block.constant(Double.doubleToRawLongBits(value)));
  }

  @Test
  void accruesFlagsToThoseThere() {
    state.fflags(ExceptionFlags.DZ);
    divideOneByThree(0);
    run();
    assertEquals(ExceptionFlags.DZ | ExceptionFlags.NX, state.fflags());
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 85", "3, 0, 86", "7, 0, 85", "7, 1, 85", "7, 2, 85", "7, 3, 86", "7, 4, 85"})
  void roundsAsTheImmediateOrFrmSays(long immediate, long frm, long lastByte) {
    state.put(StateSlot.FRM, frm);
    divideOneByThree(immediate);
    run();
    assertEquals(lastByte, state.get(StateSlot.f(1)) & 0xff);
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7})
  void trapsOnAReservedDynamicRoundingModeBeforeAnyEffect(long frm) {
    state.put(StateSlot.FRM, frm);
    divideOneByThree(RoundingMode.DYNAMIC);
    Outcome outcome = run();
    assertEquals(Outcome.Kind.TRAP, outcome.kind());
    assertSame(TrapKind.ILLEGAL_INSTRUCTION, outcome.trap());
    assertEquals(PC, outcome.pc());
    assertEquals(0, state.fflags());
    assertEquals(0, state.get(StateSlot.f(1)));
  }

  @Test
  void trapsOnAReservedStaticRoundingMode() {
    divideOneByThree(5);
    assertSame(TrapKind.ILLEGAL_INSTRUCTION, run().trap());
  }
}
