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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loops of regions whose pages the host's MMU finds. */
class MachineAliasTest {
  private static final long CODE = 0x4000_0000L;
  private static final long MADE_CODE = 0x4800_0000L;
  private static final long DATA = 0x7f_1234_4000L;
  private static final int PAGES = 8;
  private static final int FIRST_FRAME = 20;
  private static final int CODE_FRAME = 3;
  private static final long TABLE = 0x2000_0000L;
  private static final int TABLE_FRAME = CODE_FRAME + 2;
  private static final int POINTERS = 300;
  private static final int SIGSEGV = 11;
  private static final int ROUNDS = PAGES * PAGE / 8 - 2;

  private final TestMachine machine =
      new TestMachine(EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE), true);
  private final View view = machine.newHart();

  /** Every other page is next to the one before in memory, too. */
  MachineAliasTest() {
    view.map(CODE, CODE_FRAME, Rights.CODE);
    for (int page = 0; page < PAGES; page++) {
      view.map(DATA + page * PAGE, frame(page), Rights.WRITE);
    }
  }

  private static int frame(int page) {
    return FIRST_FRAME + page + page / 2;
  }

  @AfterEach
  void close() {
    view.close();
    machine.close();
  }

  private void load(RiscvAssembler a) {
    machine.write(CODE_FRAME, 0, a.bytes());
    machine.engine().writtenFrames().note(CODE_FRAME);
    machine.engine().synchroniseCode();
  }

  /** Runs it by what comes before the region, and then by it. */
  private Stop run() {
    Stop stop = null;
    for (int i = 0; i < 4; i++) {
      stop = view.run(CODE);
    }
    assertTrue(machine.engine().stats().regions() > 0);
    assertTrue(view.aliases() > 0);
    return stop;
  }

  /** Stores a2 and what has been loaded behind it, in words of eight bytes. */
  private static RiscvAssembler walk(int rounds) {
    RiscvAssembler a = new RiscvAssembler().li(A1, DATA).li(A2, rounds).li(A0, 0);
    RiscvAssembler.Label loop = a.here();
    a.emit(SD, A2, 0, A1).emit(LD, A3, 0, A1).emit(ADD, A0, A0, A3);
    a.emit(ADDI, A1, A1, 8).emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop);
    return a.emit(ECALL);
  }

  @Test
  void walksThroughPages() {
    load(walk(ROUNDS));
    assertInstanceOf(Stop.SystemCall.class, run());
    assertEquals((long) ROUNDS * (ROUNDS + 1) / 2, view.hart.x(A0));
    for (int i = 0; i < ROUNDS; i++) {
      assertEquals(ROUNDS - i, machine.read64(frame(i * 8 / PAGE), i * 8 % PAGE));
    }
    int before = view.aliases();
    view.run(CODE);
    assertEquals(before, view.aliases());
  }

  @Test
  void seesAnotherFrame() {
    load(walk(ROUNDS));
    run();
    int page = 3;
    machine.write64(frame(page), 0, -1);
    view.map(DATA + page * PAGE, CODE_FRAME + 1, Rights.WRITE);
    view.run(CODE);
    assertEquals(-1, machine.read64(frame(page), 0));
    assertEquals(ROUNDS - page * PAGE / 8, machine.read64(CODE_FRAME + 1, 0));
  }

  @Test
  void stopsWherePagesHaveLostRights() {
    load(walk(ROUNDS));
    run();
    long address = DATA + 5 * PAGE;
    view.map(address, frame(5), Rights.READ);
    assertEquals(new Stop.MemoryFault(address, Stop.Access.STORE, SIGSEGV), view.run(CODE));
    assertEquals(address, view.hart.x(A1));
    view.unmap(address).map(DATA, frame(0), Rights.CODE);
    assertEquals(new Stop.MemoryFault(DATA, Stop.Access.STORE, SIGSEGV), view.run(CODE));
    view.map(DATA, frame(0), Rights.WRITE);
    assertEquals(new Stop.MemoryFault(address, Stop.Access.STORE, SIGSEGV), view.run(CODE));
  }

  @Test
  void endsBehindTheLastPage() {
    load(walk(1 << 20));
    long end = DATA + PAGES * PAGE;
    assertEquals(new Stop.MemoryFault(end, Stop.Access.STORE, SIGSEGV), run());
    assertEquals(end, view.hart.x(A1));
  }

  @Test
  void accessesAcrossPages() {
    RiscvAssembler a = new RiscvAssembler().li(A1, DATA + PAGE - 8).emit(ADD, A1, A1, A6);
    a.li(A2, PAGES - 1).li(A4, PAGE).li(A0, 0);
    RiscvAssembler.Label loop = a.here();
    a.emit(SD, A2, 0, A1).emit(LD, A3, 0, A1).emit(ADD, A0, A0, A3);
    a.emit(ADD, A1, A1, A4).emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
    load(a);
    view.hart.x(A6, 0);
    run();
    view.hart.x(A6, 5);
    long across = DATA + PAGE - 3;
    assertInstanceOf(Stop.SystemCall.class, view.run(CODE));
    assertEquals(PAGES * (PAGES - 1) / 2, view.hart.x(A0));
    assertEquals(PAGES - 1, view.load(across, 8));
    // The first of the two pages could be stored to, but nothing is.
    view.store(across + 3 * PAGE, 8, -1);
    view.map(DATA + 4 * PAGE, frame(4), Rights.READ);
    assertEquals(
        new Stop.MemoryFault(across + 3 * PAGE + 7, Stop.Access.STORE, SIGSEGV), view.run(CODE));
    assertEquals(-1, view.load(across + 3 * PAGE, 8));
  }

  /** Adds up what pointers lead to, of which one after the other is in another zone, or in none. */
  private long loadPointers() {
    long[] places = {0x10_0000L, DATA, DATA + (4L << 38), 1L << 46, (1L << 38) - 8, 0x10_0000L};
    for (int i = 0; i < places.length; i++) {
      view.map(places[i] & -PAGE, frame(i), Rights.WRITE);
    }
    view.map(TABLE, TABLE_FRAME, Rights.READ);
    long sum = 0;
    for (int i = 0; i < POINTERS; i++) {
      long place = places[i * i / 7 % places.length];
      machine.write64(TABLE_FRAME, 8 * i, place);
      view.store(place, 8, place * 3);
      sum += place * 3;
    }
    RiscvAssembler a = new RiscvAssembler().li(A1, TABLE).li(A2, POINTERS).li(A0, 0);
    RiscvAssembler.Label loop = a.here();
    a.emit(LD, A3, 0, A1).emit(LD, A4, 0, A3).emit(ADD, A0, A0, A4);
    a.emit(ADDI, A1, A1, 8).emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
    load(a);
    return sum;
  }

  @Test
  void followsPointersToOtherZones() {
    long sum = loadPointers();
    assertInstanceOf(Stop.SystemCall.class, run());
    assertEquals(sum, view.hart.x(A0));
    for (long wild : new long[] {-8, 1L << 47, 1L << 63, (1L << 38) + 8, DATA + (1L << 38)}) {
      machine.write64(TABLE_FRAME, 8 * 250, wild);
      assertEquals(new Stop.MemoryFault(wild, Stop.Access.LOAD, SIGSEGV), view.run(CODE));
      assertEquals(TABLE + 8 * 250, view.hart.x(A1));
    }
  }

  @Test
  void aRegionThatIsGivenUpForPointersToNoZoneComesBackWithoutAliases() {
    long sum = loadPointers();
    run();
    EngineStats stats = machine.engine().stats();
    if (stats.regionsDropped() == 0) { // It may have lost its trial already: faults take long.
      LostTrial.pretend(view.hart);
    }
    for (int i = 0; i < 4; i++) {
      faults(sum);
    }
    assertEquals(1, stats.regionsDropped());
    assertEquals(2, stats.regions());
    assertEquals(0, faults(sum));
  }

  /** How often the host faults in a run. */
  private long faults(long sum) {
    long before = machine.engine().stats().faults();
    assertInstanceOf(Stop.SystemCall.class, view.run(CODE));
    assertEquals(sum, view.hart.x(A0));
    return machine.engine().stats().faults() - before;
  }

  /** Code that a loop has stored again is seen after each fence; its first rounds are elsewhere. */
  @Test
  void codeThatALoopStoresIsSeen() {
    view.map(MADE_CODE, frame(1), Rights.CODE);
    RiscvAssembler a = new RiscvAssembler().li(A1, DATA + PAGE - 160).li(A2, 200);
    RiscvAssembler.Label loop = a.here();
    a.emit(SD, A5, 0, A1).emit(SD, A6, 8, A1).emit(ADDI, A1, A1, 16);
    a.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
    load(a);
    for (int value = 1; value < 20; value++) {
      byte[] made = new RiscvAssembler().emit(ADDI, A0, ZERO, value).emit(ECALL).bytes();
      long word = 0;
      for (int i = made.length - 1; i >= 0; i--) {
        word = word << 8 | made[i] & 0xff;
      }
      view.hart.x(A5, word);
      view.hart.x(A6, 0);
      assertInstanceOf(Stop.SystemCall.class, view.run(CODE));
      machine.engine().synchroniseCode();
      assertInstanceOf(Stop.SystemCall.class, view.run(MADE_CODE));
      assertEquals(value, view.hart.x(A0));
    }
    assertTrue(view.aliases() > 0);
  }
}
