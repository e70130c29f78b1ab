package dev.isomorph.engine;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.decoder.Registers.*;
import static dev.isomorph.engine.TestMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.engine.TestMachine.Rights;
import dev.isomorph.engine.TestMachine.View;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code in pages that are mapped here and there. */
class MachineCodeTest {
  private static final long A = 0x4000_0000L;
  private static final long B = A + PAGE;
  private static final long FAR = 0x7f_1234_5000L;
  private static final int SIGSEGV = 11;
  private static final int STRADDLE = PAGE - 2;

  private final TestMachine machine = new TestMachine(EngineOptions.DEFAULT);
  private final View view = machine.newHart();

  @AfterEach
  void close() {
    view.close();
    machine.close();
  }

  private Stop run(long pc) {
    return view.run(pc);
  }

  private void runToCall(long pc) {
    assertInstanceOf(Stop.SystemCall.class, run(pc));
  }

  private static RiscvAssembler code() {
    return new RiscvAssembler();
  }

  private static byte[] instruction(Opcode row, long... operands) {
    return code().emit(row, operands).bytes();
  }

  @Test
  void oneFrameIsCodeAtTwoAddresses() {
    machine.write(3, 0, code().emit(AUIPC, A0, 0).emit(ECALL).bytes());
    view.map(A, 3, Rights.CODE).map(FAR, 3, Rights.CODE);
    for (int i = 0; i < 2; i++) {
      runToCall(A);
      assertEquals(A, view.hart.x(A0));
      runToCall(FAR);
      assertEquals(FAR, view.hart.x(A0));
    }
    assertEquals(2, machine.engine().stats().blocks());
  }

  /** A loop of two blocks that jump to each other, in a page that is mapped elsewhere. */
  @Test
  void whatIsMappedElsewhereIsOtherCode() {
    for (int frame = 3; frame <= 4; frame++) {
      RiscvAssembler a = code().li(A1, 10);
      RiscvAssembler.Label loop = a.here();
      a.emit(ADDI, A0, A0, frame).emit(ADDI, A1, A1, -1).branch(BNE, A1, ZERO, loop).emit(ECALL);
      machine.write(frame, 0, a.bytes());
    }
    for (int round = 0; round < 3; round++) {
      for (int frame = 3; frame <= 4; frame++) {
        view.map(A, frame, Rights.CODE);
        view.hart.x(A0, 0);
        runToCall(A);
        assertEquals(10 * frame, view.hart.x(A0));
      }
    }
    assertTrue(machine.engine().stats().links() > 0);
  }

  /** How code gets to the next page. */
  private enum Transfer {
    JUMP,
    BRANCH,
    CALL,
    CALL_INDIRECT,
    FALL_THROUGH
  }

  private byte[] transfer(Transfer how) {
    int distance = PAGE - STRADDLE + 14;
    RiscvAssembler a = code();
    switch (how) {
      case JUMP -> a.emit(JAL, ZERO, distance);
      case BRANCH -> a.emit(BEQ, ZERO, ZERO, distance);
      case CALL -> a.emit(JAL, RA, distance);
      case CALL_INDIRECT -> a.emit(JALR, RA, 0, T1);
      case FALL_THROUGH -> {
        while (a.offset() < distance) {
          a.emit(ADDI, A2, A2, 1);
        }
      }
    }
    return a.bytes();
  }

  /**
   * Each page has its own mapping: after the other one was mapped elsewhere its new code is run,
   * and that it comes back to.
   */
  @ParameterizedTest
  @EnumSource
  void pagesThatJumpToEachOtherAreMappedElsewhereOneByOne(Transfer how) {
    int start = PAGE - 16;
    for (int frame = 3; frame <= 4; frame++) {
      machine.write(frame, start, transfer(how));
      machine.write(frame, start + 4, code().emit(ADDI, A0, A0, frame).emit(ECALL).bytes());
      if (how == Transfer.FALL_THROUGH) {
        machine.write(frame, start, Arrays.copyOf(transfer(how), 16));
      }
    }
    boolean returns = how == Transfer.CALL || how == Transfer.CALL_INDIRECT;
    for (int frame = 5; frame <= 6; frame++) {
      RiscvAssembler a = code().emit(ADDI, A0, A0, 10 * frame);
      machine.write(frame, 0, (returns ? a.ret() : a.emit(ECALL)).bytes());
    }
    view.hart.x(T1, B);
    for (int round = 0; round < 8; round++) {
      int first = 3 + (round & 1);
      int second = 5 + (round >> 1 & 1);
      view.map(A, first, Rights.CODE).map(B, second, Rights.CODE);
      for (int again = 0; again < 2; again++) {
        view.hart.x(A0, 0);
        runToCall(A + start);
        assertEquals(10 * second + (returns ? first : 0), view.hart.x(A0), how + " " + round);
      }
    }
  }

  @Test
  void deepRecursionGoesAcrossPages() {
    // f: if a0 is 0 return; push ra; a0--; call g; pop; a1++; return. g, in the other page, calls
    // f.
    RiscvAssembler f = code();
    RiscvAssembler.Label some = new RiscvAssembler.Label();
    f.branch(BNE, A0, ZERO, some).ret().bind(some);
    f.emit(ADDI, SP, SP, -8).emit(SD, RA, 0, SP).emit(ADDI, A0, A0, -1);
    f.emit(JAL, RA, PAGE - f.offset());
    f.emit(LD, RA, 0, SP).emit(ADDI, SP, SP, 8).emit(ADDI, A1, A1, 1).ret();
    int start = f.offset();
    f.emit(JAL, RA, -start).emit(ECALL);
    machine.write(3, 0, f.bytes());
    RiscvAssembler g = code().emit(ADDI, SP, SP, -8).emit(SD, RA, 0, SP);
    g.emit(JAL, RA, -PAGE - g.offset());
    g.emit(LD, RA, 0, SP).emit(ADDI, SP, SP, 8).emit(ADDI, A2, A2, 1).ret();
    machine.write(4, 0, g.bytes());
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE);
    for (int page = 0; page < 20; page++) {
      view.map(FAR + page * PAGE, 10 + page, Rights.WRITE);
    }
    view.hart.x(SP, FAR + 20 * PAGE);
    view.hart.x(A0, 5000);
    runToCall(A + start);
    assertEquals(5000, view.hart.x(A1));
    assertEquals(5000, view.hart.x(A2));
    assertEquals(FAR + 20 * PAGE, view.hart.x(SP));
    assertTrue(machine.engine().stats().dispatches() < 1000, "most is done in emitted code");
  }

  /** Puts an instruction of four bytes where its halves are in the pages of two frames. */
  private void straddle(int first, int second, byte[] bytes) {
    machine.write(first, STRADDLE, Arrays.copyOf(bytes, 2));
    machine.write(second, 0, Arrays.copyOfRange(bytes, 2, 4));
  }

  @Test
  void anInstructionInTwoPagesIsMadeOfWhatIsMapped() {
    machine.write(3, STRADDLE - 4, instruction(ADDI, A0, ZERO, 0));
    straddle(3, 4, instruction(ADDI, A0, A0, 1));
    straddle(3, 5, instruction(ADDI, A0, A0, 100));
    machine.write(4, 2, instruction(ECALL));
    machine.write(5, 2, instruction(ECALL));
    view.map(A, 3, Rights.CODE);
    for (int round = 0; round < 3; round++) {
      view.map(B, 4, Rights.CODE);
      runToCall(A + STRADDLE - 4);
      assertEquals(1, view.hart.x(A0));
      assertEquals(B + 2, view.hart.pc());
      view.map(B, 5, Rights.CODE);
      runToCall(A + STRADDLE - 4);
      assertEquals(100, view.hart.x(A0));
    }
  }

  /** Each would have to be translated anew whenever the other has been there. */
  @Test
  void hartsWithDifferentSecondPagesDoNotTakeTheBlockFromEachOther() {
    straddle(3, 4, instruction(ADDI, A0, A0, 1));
    straddle(3, 5, instruction(ADDI, A0, A0, 100));
    machine.write(4, 2, instruction(ECALL));
    machine.write(5, 2, instruction(ECALL));
    try (View other = machine.newHart()) {
      view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE);
      other.map(A, 3, Rights.CODE).map(B, 5, Rights.CODE);
      for (int i = 1; i <= 500; i++) {
        runToCall(A + STRADDLE);
        assertInstanceOf(Stop.SystemCall.class, other.run(A + STRADDLE));
        assertEquals(i, view.hart.x(A0));
        assertEquals(100 * i, other.hart.x(A0));
      }
      assertTrue(machine.engine().stats().blocks() < 50, "most is left as it is");
      long evaluated = machine.engine().stats().evaluated();
      for (int i = 0; i < 500; i++) {
        runToCall(A + STRADDLE);
      }
      assertTrue(machine.engine().stats().evaluated() - evaluated < 100, "what is alone is kept");
    }
  }

  /** Such a block would not be found to be whole the next time. */
  @Test
  void noBlockIsMadeOfAnInstructionWhoseSecondPageIsFetchedInPart() {
    straddle(3, 4, instruction(ADDI, A0, A0, 1));
    machine.write(4, 2, instruction(ECALL));
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE).forbidFrom(B + 6);
    runToCall(A + STRADDLE);
    long blocks = machine.engine().stats().blocks();
    for (int i = 0; i < 10; i++) {
      runToCall(A + STRADDLE);
    }
    assertEquals(11, view.hart.x(A0));
    assertEquals(blocks, machine.engine().stats().blocks());
  }

  @Test
  @Timeout(60)
  void aLoopWithoutABlockLetsOthersHaveTheirTurn() {
    straddle(3, 4, instruction(JAL, ZERO, 0));
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE).forbidFrom(B + 2);
    CompletableFuture<Stop> end = CompletableFuture.supplyAsync(() -> run(A + STRADDLE));
    for (int i = 0; i < 100; i++) {
      machine.engine().synchroniseCode();
    }
    machine.engine().breakAt(List.of(A + STRADDLE));
    assertInstanceOf(Stop.AtBreakpoint.class, end.join());
  }

  @Test
  void aFetchFaultNamesThePageThatIsMissing() {
    machine.write(3, STRADDLE - 4, instruction(ADDI, A0, A0, 1));
    straddle(3, 4, instruction(ADDI, A0, A0, 1));
    machine.write(4, 2, instruction(ECALL));
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE);
    runToCall(A + STRADDLE - 4);
    view.unmap(B);
    assertEquals(new Stop.MemoryFault(B, Stop.Access.EXECUTE, SIGSEGV), run(A + STRADDLE - 4));
    assertEquals(A + STRADDLE, view.hart.pc());
    assertEquals(B, view.lastAsked());
    assertEquals(3, view.hart.x(A0));
    view.map(B, 4, Rights.READ).unmap(A);
    assertEquals(
        new Stop.MemoryFault(A + STRADDLE, Stop.Access.EXECUTE, SIGSEGV), run(A + STRADDLE));
    assertEquals(A + STRADDLE, view.hart.pc());
    assertEquals(A + STRADDLE, view.lastAsked());
    assertEquals(new Stop.MemoryFault(B, Stop.Access.EXECUTE, SIGSEGV), run(B));
  }

  @Test
  void jumpsToMissingPagesFaultThere() {
    machine.write(3, 0, instruction(JAL, ZERO, PAGE + 8));
    view.map(A, 3, Rights.CODE).map(B, 3, Rights.WRITE);
    assertEquals(new Stop.MemoryFault(B + 8, Stop.Access.EXECUTE, SIGSEGV), run(A));
    assertEquals(B + 8, view.hart.pc());
  }

  /** Of an instruction in two pages no block is made, where a loop would ask for a stop. */
  @Test
  void aLoopOfAnInstructionInTwoPagesCanBeStopped() {
    straddle(3, 4, instruction(JAL, ZERO, 0));
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE);
    view.hart.requestPoll();
    assertInstanceOf(Stop.Polled.class, run(A + STRADDLE));
    assertEquals(A + STRADDLE, view.hart.pc());
  }

  @Test
  void trapsOfAnInstructionInTwoPagesTellAllOfIt() {
    byte[] csr = instruction(CSRRS, A0, 0x300, ZERO);
    straddle(3, 4, csr);
    view.map(A, 3, Rights.CODE).map(B, 4, Rights.CODE);
    int encoding = Encodings.of(csr);
    assertEquals(new Stop.Privileged(encoding), run(A + STRADDLE));
    assertEquals(A + STRADDLE, view.hart.pc());
  }

  /** Little-endian words. */
  private static final class Encodings {
    static int of(byte[] bytes) {
      int word = 0;
      for (int i = 3; i >= 0; i--) {
        word = word << 8 | bytes[i] & 0xff;
      }
      return word;
    }
  }

  @Test
  void floatInstructionsAreForTheMachineWhileTheirUnitIsOff() {
    byte[] add = instruction(FADD_D, FA0, FA0, FA1, 7);
    machine.write(3, 0, add);
    machine.write(3, 4, instruction(ECALL));
    view.map(A, 3, Rights.CODE);
    view.hart.f(FA0, Double.doubleToRawLongBits(1));
    view.hart.f(FA1, Double.doubleToRawLongBits(2));
    for (int round = 0; round < 2; round++) {
      view.floats(false);
      assertEquals(new Stop.Privileged(Encodings.of(add)), run(A));
      assertEquals(A, view.hart.pc());
      assertEquals(1 + 2 * round, Double.longBitsToDouble(view.hart.f(FA0)));
      view.floats(true);
      runToCall(A);
      assertEquals(3 + 2 * round, Double.longBitsToDouble(view.hart.f(FA0)));
    }
  }

  /** A table of jumps that is not in use when the rounding mode changes must not survive that. */
  @Test
  void jumpTablesAreForTheRoundingModeOfTheMoment() {
    machine.write(3, 0, instruction(JALR, ZERO, 0, T1));
    machine.write(3, 64, code().emit(FCVT_L_D, A0, FA0, 7).emit(ECALL).bytes());
    view.map(A, 3, Rights.CODE);
    view.hart.f(FA0, Double.doubleToRawLongBits(2.5));
    view.hart.x(T1, A + 64);
    runToCall(A);
    assertEquals(2, view.hart.x(A0));
    try (var other = new dev.isomorph.hostbackend.lower.JumpCache()) {
      view.hart.use(other);
      view.hart.fcsr(4 << 5);
      view.hart.use(view.jumps);
      runToCall(A);
      assertEquals(3, view.hart.x(A0), "ties go away from zero");
    }
  }

  /** Physical memory may be protected by words. */
  @Test
  void codeEndsWhereNoMoreMayBeFetched() {
    RiscvAssembler a = code();
    RiscvAssembler.Label start = a.here();
    a.emit(ADDI, A0, A0, 1).emit(ADDI, A0, A0, 2).branch(BNE, A1, A0, start).emit(ECALL);
    machine.write(3, 0, a.bytes());
    view.map(A, 3, Rights.CODE);
    view.hart.x(A1, 3);
    runToCall(A);
    for (int i = 0; i < 3; i++) {
      view.forbidFrom(A + 4);
      view.hart.x(A0, 0);
      Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, run(A));
      assertEquals(A + 4, fault.address());
      assertEquals(Stop.Access.EXECUTE, fault.access());
      assertEquals(A + 4, view.hart.pc());
      assertEquals(1, view.hart.x(A0));
      view.forbidFrom(-1);
      view.hart.x(A0, 0);
      runToCall(A);
      assertEquals(3, view.hart.x(A0));
    }
  }
}
