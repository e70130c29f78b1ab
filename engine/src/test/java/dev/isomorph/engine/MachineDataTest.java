package dev.isomorph.engine;

import static dev.isomorph.decoder.Opcode.*;
import static dev.isomorph.decoder.Registers.*;
import static dev.isomorph.engine.TestMachine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.engine.TestMachine.Rights;
import dev.isomorph.engine.TestMachine.View;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A machine's loads and stores: pages that are missed, and what else goes on meanwhile. */
class MachineDataTest {
  private static final long CODE = 0x4000_0000L;
  private static final long DATA = 0x7000_0000L;
  private static final long TLB_REACH = 1024L * PAGE;

  /** So far apart, pages select the same entry of the second table, too. */
  private static final long SECOND_REACH = 256 * TLB_REACH;

  private static final int SIGSEGV = 11;

  private final TestMachine machine =
      new TestMachine(EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE));
  private final View view = hart();

  private View hart() {
    View hart = machine.newHart().map(CODE, 3, Rights.CODE).map(DATA, 4, Rights.WRITE);
    return hart.map(DATA + PAGE, 5, Rights.READ).map(DATA + SECOND_REACH, 6, Rights.WRITE);
  }

  @AfterEach
  void close() {
    view.close();
    machine.close();
  }

  private void place(RiscvAssembler a) {
    machine.write(3, 0, a.bytes());
  }

  private static void runToCall(View view) {
    assertInstanceOf(Stop.SystemCall.class, view.run(CODE));
  }

  /** All pages select the same entry of the table, so that nearly all accesses miss. */
  @Test
  void goesOnAmidABlockWhenAPageWasMissed() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A2, 50).li(S2, DATA).li(S3, DATA + SECOND_REACH);
    RiscvAssembler.Label loop = a.here();
    // More than there are registers for: s4 and so on live in memory, their sums in scratch ones.
    a.emit(ADD, S4, S5, A2).emit(MUL, S6, S4, A2).emit(SD, S6, 0, S2).emit(LD, S7, 0, S3);
    a.emit(ADD, S8, S7, S6).emit(SD, S8, 0, S3).emit(LD, S5, 0, S2).emit(ADD, S9, S9, S5);
    a.emit(AMOADD_D, T3, A2, S3).emit(ADD, S10, S10, T3);
    a.emit(FMV_D_X, FT0, S5).emit(FSD, FT0, 8, S2).emit(FLD, FT1, 8, S2).emit(FMV_X_D, T4, FT1);
    a.emit(ADD, S11, S11, T4).emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
    place(a);
    runToCall(view);
    long s5 = 0;
    long s9 = 0;
    long s10 = 0;
    long memory = 0;
    for (long a2 = 50; a2 > 0; a2--) {
      s5 = (s5 + a2) * a2;
      memory += s5;
      s9 += s5;
      s10 += memory;
      memory += a2;
    }
    assertEquals(s5, view.hart.x(S5));
    assertEquals(s9, view.hart.x(S9));
    assertEquals(s9, view.hart.x(S11));
    assertEquals(s10, view.hart.x(S10));
    assertEquals(memory, machine.read64(6, 0));
    assertTrue(view.fills() > 200, () -> view.fills() + " misses");
    assertTrue(machine.engine().stats().dispatches() < 20, "the loop stays in emitted code");
  }

  /** Java is asked once for each page and kind of access, though all lose their entries. */
  @Test
  void pagesThatTakeEachOthersEntriesAreFoundInTheSecondTable() {
    view.map(DATA + TLB_REACH, 6, Rights.WRITE).map(DATA + 2 * TLB_REACH, 7, Rights.READ);
    machine.write64(7, 8, 5);
    RiscvAssembler a = new RiscvAssembler();
    a.li(A2, 1000).li(S2, DATA).li(S3, DATA + TLB_REACH).li(S4, DATA + 2 * TLB_REACH);
    RiscvAssembler.Label loop = a.here();
    a.emit(LD, S5, 0, S2).emit(LW, S6, 8, S4).emit(ADD, S5, S5, S6).emit(SD, S5, 0, S2);
    a.emit(LD, S7, 0, S3).emit(ADD, S7, S7, S5).emit(SD, S7, 0, S3);
    a.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(SB, A2, 1, S4).emit(ECALL);
    place(a);
    machine.write64(4, 0, 0);
    machine.write64(6, 0, 0);
    Stop fault = new Stop.MemoryFault(DATA + 2 * TLB_REACH + 1, Stop.Access.STORE, SIGSEGV);
    assertEquals(fault, view.run(CODE));
    assertEquals(5000, machine.read64(4, 0));
    assertEquals(5 * 1000 * 1001 / 2, machine.read64(6, 0));
    assertTrue(view.fills() < 20, () -> view.fills() + " misses");
  }

  /** The last byte is in another page: emitted code is never done with it, whatever tables have. */
  @Test
  void accessesOfTwoPagesAreNotFoundInTheSecondTable() {
    view.map(DATA + TLB_REACH, 6, Rights.WRITE).map(DATA + TLB_REACH + PAGE, 7, Rights.WRITE);
    RiscvAssembler a = new RiscvAssembler().li(S2, DATA).li(S3, DATA + TLB_REACH).li(A1, 0x1234);
    a.emit(LD, A0, 0, S3).emit(LD, A0, 0, S2).emit(SD, A1, PAGE / 2 - 4, S3);
    a.li(S3, DATA + TLB_REACH + PAGE - 4).emit(LD, A0, 0, S2).emit(SD, A1, 0, S3);
    a.emit(LD, A0, 0, S2).emit(LD, A2, 0, S3).emit(ECALL);
    place(a);
    runToCall(view);
    assertEquals(0x1234, view.hart.x(A2));
  }

  @Test
  void faultsAreExact() {
    RiscvAssembler a = new RiscvAssembler();
    a.emit(ADDI, A0, A0, 1).emit(ADDI, S11, S11, 1).emit(LD, A1, 8, T0).emit(ADDI, A0, A0, 1);
    a.emit(SD, A1, 16, T0).emit(ADDI, A0, A0, 1).emit(ECALL);
    place(a);
    view.hart.x(T0, DATA + PAGE);
    assertEquals(
        new Stop.MemoryFault(DATA + PAGE + 16, Stop.Access.STORE, SIGSEGV), view.run(CODE));
    assertEquals(CODE + 16, view.hart.pc());
    assertEquals(2, view.hart.x(A0));
    assertEquals(1, view.hart.x(S11));
    view.hart.x(T0, DATA + 2 * PAGE);
    assertEquals(
        new Stop.MemoryFault(DATA + 2 * PAGE + 8, Stop.Access.LOAD, SIGSEGV), view.run(CODE));
    assertEquals(CODE + 8, view.hart.pc());
    assertEquals(3, view.hart.x(A0));
    // The page comes later: the table knows nothing of the fault.
    view.map(DATA + 2 * PAGE, 7, Rights.WRITE);
    runToCall(view);
    assertEquals(6, view.hart.x(A0));
  }

  /** Stores to the page before are allowed, and so are loads from this one. */
  @Test
  void aStoreIsCheckedWhereALoadHasBeen() {
    int[][] others = {{}, {A1, A2, A3, A5, S0, S1, SP}};
    for (int[] between : others) {
      RiscvAssembler a = new RiscvAssembler().li(S2, DATA + PAGE - 64);
      a.emit(SD, S2, 0, S2).emit(LD, A0, 64, S2);
      for (int register : between) {
        a.emit(ADDI, register, A4, register);
      }
      int store = a.offset();
      a.emit(SD, S2, 72, S2).emit(ECALL);
      place(a);
      machine.engine().writtenFrames().note(3);
      machine.engine().synchroniseCode();
      Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, view.run(CODE));
      assertEquals(DATA + PAGE + 8, fault.address());
      assertEquals(Stop.Access.STORE, fault.access());
      assertEquals(CODE + store, view.hart.pc());
      assertEquals(0, machine.read64(5, 8));
    }
  }

  /** Loads look for a page for the store behind them, but need none that may be stored to. */
  @Test
  void loadsInFrontOfAStoreDoNotNeedItsRights() {
    RiscvAssembler a = new RiscvAssembler().li(S2, DATA + PAGE);
    a.emit(LD, A0, 0, S2).emit(LD, A1, -8, S2).emit(LD, A2, 8, S2);
    int store = a.offset();
    place(a.emit(SD, A1, 0, S2).emit(ECALL));
    machine.write64(5, 0, 11);
    machine.write64(4, PAGE - 8, 22);
    machine.write64(5, 8, 33);
    Stop fault = new Stop.MemoryFault(DATA + PAGE, Stop.Access.STORE, SIGSEGV);
    for (int i = 0; i < 3; i++) {
      assertEquals(fault, view.run(CODE));
      assertEquals(CODE + store, view.hart.pc());
      assertEquals(11, view.hart.x(A0));
      assertEquals(22, view.hart.x(A1));
      assertEquals(33, view.hart.x(A2));
      assertEquals(11, machine.read64(5, 0));
    }
    view.map(DATA + PAGE, 5, Rights.WRITE);
    runToCall(view);
    assertEquals(22, machine.read64(5, 0));
    int fills = view.fills();
    runToCall(view);
    assertEquals(22, view.hart.x(A0));
    assertEquals(fills, view.fills());
  }

  /** What is left after a miss is told by the exit, not by the miss before it. */
  @Test
  void anExitBehindAMissHasTheStateOfTheExit() {
    RiscvAssembler a = new RiscvAssembler();
    a.emit(LD, A1, 0, T0).emit(ADDI, A0, A0, 7).emit(FMV_D_X, FA0, A0);
    place(a.emit(JALR, ZERO, 0x100, T1));
    machine.write(3, 0x100, new RiscvAssembler().emit(ADDI, A0, A0, 1).emit(ECALL).bytes());
    view.hart.x(T0, DATA);
    view.hart.x(T1, CODE);
    machine.write64(4, 0, 99);
    runToCall(view);
    assertEquals(8, view.hart.x(A0));
    assertEquals(99, view.hart.x(A1));
    assertEquals(7, view.hart.f(FA0));
  }

  /** The other hart gets its turn, with no hart in emitted code, once this one goes on. */
  @Test
  void aHartThatLooksForAPageIsWaitedFor() throws InterruptedException {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, DATA).emit(SW, ZERO, 0, T0);
    RiscvAssembler.Label loop = a.here();
    a.emit(ADDI, A0, A0, 1).jump(loop);
    place(a);
    machine.write(3, 0x100, new RiscvAssembler().emit(FENCE_I).emit(ECALL).bytes());
    try (View other = hart()) {
      assertInstanceOf(Stop.SystemCall.class, other.run(CODE + 0x100));
      machine.engine().writtenFrames().note(3);
      CountDownLatch filling = new CountDownLatch(1);
      Thread[] fencing = new Thread[1];
      view.onFill =
          () -> {
            filling.countDown();
            // The other one is to wait for the end of this.
            while (fencing[0] == null || fencing[0].getState() != Thread.State.WAITING) {
              Thread.onSpinWait();
            }
          };
      fencing[0] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    awaitQuietly(filling);
                    assertInstanceOf(Stop.SystemCall.class, other.run(CODE + 0x100));
                  });
      // It is made to come out by its poll flag.
      assertInstanceOf(Stop.Polled.class, view.run(CODE));
      fencing[0].join();
      assertTrue(view.hart.x(A0) > 0);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Code is made for as long as it takes to evict all of it a few times. */
  @Test
  void codeGoesWhileAHartLooksForAPageOnlyOnceItIsOut() throws InterruptedException {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label loop = a.here();
    a.emit(SD, A0, 0, S2).emit(LD, S4, 0, S2).emit(ADD, S5, S5, S4).emit(SD, S5, 0, S3);
    a.emit(ADDI, A0, A0, 1).emit(LD, A1, 8, S2).branch(BEQ, A1, ZERO, loop).emit(ECALL);
    place(a);
    view.hart.x(S2, DATA);
    view.hart.x(S3, DATA + SECOND_REACH);
    try (View other = machine.newHart()) {
      // One frame of code at so many addresses.
      int pages = 400;
      RiscvAssembler much = new RiscvAssembler();
      for (int i = 0; i < 500; i++) {
        much.emit(MULHSU, T0, T1, T2).emit(BEQ, T0, ZERO, 4);
      }
      machine.write(10, 0, much.emit(ECALL).bytes());
      for (int page = 0; page < pages; page++) {
        other.map(CODE + page * PAGE, 10, Rights.CODE);
      }
      Thread evicting =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int page = 0; page < pages; page++) {
                      other.hart.pc(CODE + page * PAGE);
                      runThroughPolls(other);
                    }
                    machine.write64(4, 8, 1);
                  });
      view.hart.pc(CODE);
      runThroughPolls(view);
      evicting.join();
    }
    assertTrue(machine.engine().codeCache().evictions() > 0);
    long rounds = view.hart.x(A0);
    assertEquals(rounds * (rounds - 1) / 2, view.hart.x(S5));
    assertEquals(view.hart.x(S5), machine.read64(6, 0));
  }

  private static void runThroughPolls(View view) {
    Stop stop = view.hart.run();
    while (stop instanceof Stop.Polled) {
      stop = view.hart.run();
    }
    assertInstanceOf(Stop.SystemCall.class, stop);
  }

  /** Whoever waits for the turn would wait for ever. */
  @Test
  void aMemoryThatFailsDoesNotKeepTheTurn() {
    place(new RiscvAssembler().emit(LD, A1, 0, T0).emit(ECALL));
    view.hart.x(T0, DATA);
    view.onFill =
        () -> {
          throw new IllegalStateException("no page");
        };
    assertThrows(IllegalStateException.class, () -> view.run(CODE));
    view.onFill = () -> {};
    machine.engine().writtenFrames().note(3);
    machine.engine().synchroniseCode();
    try (View other = hart()) {
      other.hart.x(T0, DATA);
      runToCall(other);
    }
    runToCall(view);
  }

  /** Instructions are counted once, whether they miss, go on, or are the evaluator's. */
  @Test
  void countsInstructionsThatMissOnce() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A2, 10);
    int before = a.offset() / 4;
    RiscvAssembler.Label loop = a.here();
    a.emit(SD, A2, 0, S2).emit(LD, A1, 0, S3).emit(LD, A3, -4, S4).emit(ADDI, A2, A2, -1);
    a.branch(BNE, A2, ZERO, loop).emit(ECALL);
    try (TestMachine counting = new TestMachine(EngineOptions.DEFAULT.withCounting(true));
        View hart = counting.newHart()) {
      counting.write(3, 0, a.bytes());
      hart.map(CODE, 3, Rights.CODE).map(DATA, 4, Rights.WRITE).map(DATA + PAGE, 5, Rights.READ);
      hart.map(DATA + SECOND_REACH, 6, Rights.WRITE);
      hart.hart.x(S2, DATA);
      hart.hart.x(S3, DATA + SECOND_REACH);
      hart.hart.x(S4, DATA + PAGE);
      runToCall(hart);
      var counts = counting.engine().executionCounts();
      long emitted = counts.translations().stream().mapToLong(t -> t.guest()).sum();
      assertEquals(10, counts.evaluatedCount());
      assertEquals(before + 10 * 5 + 1, emitted + counts.evaluatedCount());
    }
  }
}
