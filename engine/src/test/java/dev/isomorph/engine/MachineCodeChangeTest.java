package dev.isomorph.engine;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.decoder.Registers.*;
import static dev.isomorph.engine.TestMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.engine.TestMachine.Rights;
import dev.isomorph.engine.TestMachine.View;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A machine's code that is written: seen at fence.i, whoever has written it. */
class MachineCodeChangeTest {
  private static final long CODE = 0x4000_0000L;
  private static final long WRITABLE = 0x7000_0000L;
  private static final long RESULTS = 0x7010_0000L;
  private static final int CODE_FRAME = 3;
  private static final int RESULT_FRAME = 4;

  /** addi a0, a0, 0; the number to be added is in the upper 12 bits. */
  private static final long ADDITION = 0x0005_0513L;

  private static final long ONE = 1L << 20;
  private static final int PATCHED = 0x100;

  private final TestMachine machine = new TestMachine(EngineOptions.DEFAULT);
  private final View one = hart();
  private final View other = hart();

  private View hart() {
    return machine
        .newHart()
        .map(CODE, CODE_FRAME, Rights.CODE)
        .map(WRITABLE, CODE_FRAME, Rights.WRITE)
        .map(RESULTS, RESULT_FRAME, Rights.WRITE);
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
    machine.close();
  }

  private static void runToCall(View view, long pc) {
    assertInstanceOf(Stop.SystemCall.class, view.run(pc));
  }

  private static RiscvAssembler addition() {
    return new RiscvAssembler().raw((int) ADDITION);
  }

  /** What is added next time the function is called. */
  private void patchByDevice(int n) {
    machine.write64(CODE_FRAME, PATCHED, ADDITION + n * ONE | 0x0000_8067L << 32);
    machine.engine().writtenFrames().note(CODE_FRAME);
  }

  private static long call(View view) {
    view.hart.x(A0, 0);
    view.hart.x(RA, CODE);
    runToCall(view, CODE + PATCHED);
    return view.hart.x(A0);
  }

  private void placeFunction() {
    machine.write(CODE_FRAME, 0, new RiscvAssembler().emit(ECALL).bytes());
    patchByDevice(0);
  }

  /** Rounds of: store to the code by another address, fence.i, call it. */
  @Test
  void aHartChangesItsCode() {
    placeFunction();
    RiscvAssembler a = new RiscvAssembler();
    a.li(A2, 200).li(T0, WRITABLE + PATCHED).li(T1, ADDITION).li(T2, ONE).li(T3, CODE + PATCHED);
    RiscvAssembler.Label loop = a.here();
    a.emit(ADD, T1, T1, T2).emit(SW, T1, 0, T0).emit(FENCE_I).emit(JALR, RA, 0, T3);
    a.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
    machine.write(CODE_FRAME, 0x200, a.bytes());
    runToCall(one, CODE + 0x200);
    assertEquals(200 * 201 / 2, one.hart.x(A0));
  }

  /** The old code may be run, and is: only fence.i is for looking. */
  @Test
  void storesToPagesWithCodeCostNoTranslations() {
    placeFunction();
    RiscvAssembler a = new RiscvAssembler();
    a.li(A2, 1000).li(T0, WRITABLE + PATCHED + 64).li(T3, CODE + PATCHED);
    RiscvAssembler.Label loop = a.here();
    a.emit(SD, A2, 0, T0).emit(JALR, RA, 0, T3);
    a.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(FENCE_I).emit(ECALL);
    machine.write(CODE_FRAME, 0x200, a.bytes());
    runToCall(one, CODE + 0x200);
    EngineStats stats = machine.engine().stats();
    assertEquals(0, stats.invalidated());
    assertTrue(stats.dispatches() < 50, () -> stats.dispatches() + " dispatches");
    assertEquals(1, machine.read64(CODE_FRAME, PATCHED + 64));
  }

  /** Once noted and taken, the next store asks for the right again, and is noted again. */
  @Test
  void eachFenceTakesTheRightToStoreAway() {
    placeFunction();
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, WRITABLE + PATCHED).emit(SW, T1, 0, T0).emit(FENCE_I);
    a.emit(SW, T1, 0, T0).emit(SW, T1, 0, T0).emit(FENCE_I).emit(ECALL);
    machine.write(CODE_FRAME, 0x200, a.bytes());
    one.hart.x(T1, ADDITION);
    runToCall(one, CODE + 0x200);
    assertEquals(2, one.fills());
  }

  /** A frame without translations is not looked at: it stays noted until it has some. */
  @Test
  void whatWasWrittenBeforeItWasCodeIsSeenLater() {
    placeFunction();
    machine.engine().synchroniseCode();
    patchByDevice(5);
    assertEquals(5, call(one));
    patchByDevice(6);
    machine.engine().synchroniseCode();
    assertEquals(6, call(one));
    patchByDevice(7);
    machine.engine().synchroniseCode();
    assertEquals(7, call(one));
  }

  @Test
  void allHartsForgetCodeThatOneHasChanged() {
    placeFunction();
    assertEquals(0, call(one));
    assertEquals(0, call(other));
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, WRITABLE + PATCHED).emit(SW, T1, 0, T0).emit(FENCE_I).emit(ECALL);
    machine.write(CODE_FRAME, 0x200, a.bytes());
    for (int n = 1; n < 10; n++) {
      View writer = n % 2 == 0 ? one : other;
      writer.hart.x(T1, ADDITION + n * ONE);
      runToCall(writer, CODE + 0x200);
      assertEquals(n, call(one));
      assertEquals(n, call(other));
    }
  }

  /**
   * One hart writes code, does fence.i and tells the other one, which does fence.i and runs the
   * code; then it tells the first one to write the next.
   */
  @Test
  void aHartRunsWhatTheOtherOneHasJustWritten() throws InterruptedException {
    placeFunction();
    int rounds = 40;
    RiscvAssembler writer = new RiscvAssembler();
    writer.li(S0, RESULTS).li(A2, rounds).li(T0, WRITABLE + PATCHED).li(T1, ADDITION).li(T2, ONE);
    RiscvAssembler.Label next = writer.here();
    writer.emit(ADD, T1, T1, T2).emit(SW, T1, 0, T0).emit(FENCE_I);
    writer.emit(FENCE, 3, 3).emit(SD, A2, 0, S0);
    RiscvAssembler.Label answer = writer.here();
    writer.emit(LD, T3, 8, S0).branch(BNE, T3, A2, answer);
    writer.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, next).emit(ECALL);
    machine.write(CODE_FRAME, 0x200, writer.bytes());
    RiscvAssembler runner = new RiscvAssembler();
    runner.li(S0, RESULTS).li(A2, rounds).li(S1, CODE + PATCHED);
    next = runner.here();
    RiscvAssembler.Label question = runner.here();
    runner.emit(LD, T3, 0, S0).branch(BNE, T3, A2, question);
    runner.emit(FENCE_I).emit(JALR, RA, 0, S1).emit(SD, A2, 8, S0);
    runner.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, next).emit(ECALL);
    machine.write(CODE_FRAME, 0x400, runner.bytes());
    Thread thread = Thread.ofPlatform().start(() -> runThroughPolls(other, CODE + 0x400));
    runThroughPolls(one, CODE + 0x200);
    thread.join();
    assertEquals(rounds * (rounds + 1L) / 2, other.hart.x(A0));
  }

  /** A hart that another one has made to come out of emitted code stops as if polled. */
  private static void runThroughPolls(View view, long start) {
    view.hart.pc(start);
    Stop stop = view.hart.run();
    while (stop instanceof Stop.Polled) {
      stop = view.hart.run();
    }
    assertInstanceOf(Stop.SystemCall.class, stop);
  }

  /** Such an instruction is the evaluator's. */
  @Test
  void fenceIInTwoPagesHasItsEffect() {
    placeFunction();
    byte[] fence = new RiscvAssembler().emit(FENCE_I).bytes();
    machine.write(CODE_FRAME, PAGE - 2, Arrays.copyOf(fence, 2));
    machine.write(5, 0, Arrays.copyOfRange(fence, 2, 4));
    machine.write(5, 2, new RiscvAssembler().emit(ECALL).bytes());
    one.map(CODE + PAGE, 5, Rights.CODE);
    assertEquals(0, call(one));
    patchByDevice(9);
    runToCall(one, CODE + PAGE - 2);
    assertEquals(9, call(one));
  }

  /** By the evaluator, as an access that crosses pages; both frames are noted. */
  @Test
  void storesAcrossPagesChangeCode() {
    machine.write(CODE_FRAME, 0, addition().emit(ECALL).bytes());
    machine.write(5, PAGE - 4, addition().bytes());
    RiscvAssembler a = new RiscvAssembler();
    a.emit(SD, T1, -4, T0).emit(FENCE_I).emit(ECALL);
    machine.write(6, 0, a.bytes());
    one.map(CODE - PAGE, 5, Rights.CODE).map(WRITABLE - PAGE, 5, Rights.WRITE);
    one.map(CODE + PAGE, 6, Rights.CODE);
    one.hart.x(T0, WRITABLE);
    for (int n = 1; n < 4; n++) {
      one.hart.x(T1, ADDITION + 100 * n * ONE | ADDITION + n * ONE << 32);
      runToCall(one, CODE + PAGE);
      one.hart.x(A0, 0);
      runToCall(one, CODE - 4);
      assertEquals(101 * n, one.hart.x(A0));
    }
  }
}
