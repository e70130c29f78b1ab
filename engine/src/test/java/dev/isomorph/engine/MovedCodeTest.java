package dev.isomorph.engine;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.engine.TestMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.engine.TestMachine.Rights;
import dev.isomorph.engine.TestMachine.View;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Code of a frame that is mapped at other addresses all the time. */
class MovedCodeTest {
  private static final int ZERO = 0;
  private static final int RA = 1;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int A3 = 13;
  private static final int CODE = 3;
  private static final int NEXT = 4;
  private static final int DATA = 5;
  private static final int ROUNDS = 12;

  private final TestMachine machine = new TestMachine(EngineOptions.DEFAULT);
  private final View view = machine.newHart();
  private final Random random = new Random(6);

  @AfterEach
  void close() {
    view.close();
    machine.close();
  }

  private long base() {
    return (random.nextLong(1L << 26) + (1L << 21)) * PAGE;
  }

  /** Maps three frames in a row and runs the first of them. */
  private long run(long base) {
    view.map(base, CODE, Rights.CODE);
    view.map(base + PAGE, NEXT, Rights.CODE);
    view.map(base + 2L * PAGE, DATA, Rights.WRITE);
    for (int register : new int[] {RA, A0, A1, A2, A3}) {
      view.hart.x(register, 0);
    }
    Stop stop = view.run(base);
    assertInstanceOf(
        Stop.SystemCall.class, stop, () -> stop + " at " + Long.toHexString(view.hart.pc() - base));
    return base;
  }

  private void unmap(long base) {
    view.unmap(base).unmap(base + PAGE).unmap(base + 2L * PAGE);
  }

  private long moved() {
    return machine.engine().stats().moved();
  }

  /** Loops, calls into the next page and back, addresses of data, returns. */
  @Test
  void isWhatItWasElsewhere() {
    RiscvAssembler a = new RiscvAssembler();
    a.emit(ADDI, A1, ZERO, 5);
    RiscvAssembler.Label loop = a.here();
    a.emit(AUIPC, A2, 2);
    int at = a.offset() - 4;
    a.emit(ADDI, A2, A2, 64 - at).emit(LD, A3, 0, A2).emit(ADDI, A3, A3, 1).emit(SD, A3, 0, A2);
    a.emit(JAL, RA, PAGE - a.offset()).emit(ADDI, A1, A1, -1).branch(BNE, A1, ZERO, loop);
    a.emit(AUIPC, A1, 0).emit(ECALL);
    int last = a.offset() - 8;
    machine.write(CODE, 0, a.bytes());
    machine.write(NEXT, 0, new RiscvAssembler().emit(ADDI, A0, A0, 3).ret().bytes());
    for (int round = 0; round < ROUNDS; round++) {
      machine.write64(DATA, 64, 0);
      long base = run(base());
      assertEquals(15, view.hart.x(A0));
      assertEquals(base + last, view.hart.x(A1));
      assertEquals(base + last + 4, view.hart.pc());
      assertEquals(base + 2 * PAGE + 64, view.hart.x(A2));
      assertEquals(5, machine.read64(DATA, 64));
      unmap(base);
    }
    assertTrue(moved() > ROUNDS, "blocks are made once for all addresses");
  }

  @Test
  void faultsAreWhereItIs() {
    machine.write(CODE, 0, new RiscvAssembler().emit(ADDI, A1, A1, 1).emit(LD, A0, 8, A1).bytes());
    for (int round = 0; round < ROUNDS; round++) {
      long base = base();
      view.map(base, CODE, Rights.CODE);
      view.hart.x(A1, 7);
      Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, view.run(base));
      assertEquals(16, fault.address());
      assertEquals(base + 4, view.hart.pc());
      assertEquals(8, view.hart.x(A1));
      unmap(base);
    }
    assertTrue(moved() > 0);
  }

  @Test
  void isWhatIsThereNow() {
    for (int round = 0; round < ROUNDS; round++) {
      machine.write(
          CODE, 0, new RiscvAssembler().emit(ADDI, A0, A0, 1 + round / 4).emit(ECALL).bytes());
      machine.engine().writtenFrames().note(CODE);
      machine.engine().synchroniseCode();
      unmap(run(base()));
      assertEquals(1 + round / 4, view.hart.x(A0));
    }
    assertTrue(moved() > 0);
  }

  /** A word of an address is not as far from another as the addresses are. */
  @Test
  void whatIsNotAnAddressAnyMoreIsMadeAnew() {
    machine.write(
        CODE,
        0,
        new RiscvAssembler().emit(AUIPC, A0, 0).emit(ADDIW, A0, A0, 0).emit(ECALL).bytes());
    for (int round = 0; round < ROUNDS; round++) {
      long base = run(base());
      assertEquals((int) base, view.hart.x(A0));
      unmap(base);
    }
  }

  /** Half an address is as far from another as the addresses are, while these are neighbours. */
  @Test
  void partsOfAddressesThatAreStoredAreMadeAnew() {
    RiscvAssembler a = new RiscvAssembler().emit(AUIPC, A2, 2).emit(AUIPC, A0, 0);
    a.emit(SW, A0, 0, A2).emit(ADDI, A1, A1, 1).emit(ECALL);
    machine.write(CODE, 0, a.bytes());
    for (long base : new long[] {5L << 32, (5L << 32) + 0x31000, 6L << 32, 9L << 32}) {
      run(base);
      assertEquals((int) base + 4, (int) machine.read64(DATA, 0));
      assertEquals(1, view.hart.x(A1));
      unmap(base);
    }
  }

  /** What holds of long addresses, when code is made, need not hold of short ones. */
  @Test
  void codeAtShortAddressesIsMadeAnew() {
    machine.write(CODE, 0, new RiscvAssembler().emit(AUIPC, A0, 0).emit(ECALL).bytes());
    for (int round = 0; round < 3; round++) {
      unmap(run(base()));
    }
    long moved = moved();
    assertTrue(moved > 0);
    for (long base : new long[] {0x1_0000, 0x7000_0000L}) {
      unmap(run(base));
      assertEquals(base, view.hart.x(A0));
    }
    assertEquals(moved, moved());
  }

  /** Where their places in the jump cache are the same, it cannot be seen that they follow. */
  @Test
  void jumpsLookInTheirOwnEntries() {
    RiscvAssembler a = new RiscvAssembler();
    machine.write(CODE, 0, a.emit(JAL, ZERO, PAGE).bytes());
    machine.write(NEXT, 0, new RiscvAssembler().emit(ECALL).bytes());
    for (long base : new long[] {5L << 32, 6L << 32}) {
      unmap(run(base));
    }
    long moved = moved();
    unmap(run((6L << 32) + 0x5000));
    assertEquals(moved, moved(), "distances so far tell nothing");
    unmap(run((6L << 32) + 0x9000));
    assertTrue(moved() > moved);
  }
}
