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
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loops of regions whose accesses go through pages in one direction. */
class MachineStreamTest {
  private static final long CODE = 0x4000_0000L;
  private static final long DATA = 0x7f_1234_5000L;
  private static final long OTHER = 0x20_0000_0000L;
  private static final int PAGES = 3;
  private static final int SIGSEGV = 11;

  /** The bits of an index into a table. */
  private static final int TABLE = 0x7f8;

  private static final int SOME = 0x20;
  private static final int TABLE_STEP = 0x200;

  private final TestMachine machine =
      new TestMachine(EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE));
  private final View view = machine.newHart();

  /** Pages that follow each other are in frames that do not. */
  MachineStreamTest() {
    view.map(CODE, 3, Rights.CODE).map(OTHER, 8, Rights.WRITE);
    view.map(OTHER + PAGE, 10, Rights.WRITE);
    for (int page = 0; page < PAGES; page++) {
      view.map(DATA + page * PAGE, 7 - page, Rights.WRITE);
      for (int i = 0; i < PAGE; i += 8) {
        machine.write64(7 - page, i, value(page * PAGE + i));
      }
    }
  }

  private static long value(long offset) {
    return offset * 0x9e37_79b9_7f4a_7c15L;
  }

  @AfterEach
  void close() {
    view.close();
    machine.close();
  }

  private Stop run(RiscvAssembler a) {
    machine.write(3, 0, a.bytes());
    machine.engine().writtenFrames().note(3);
    machine.engine().synchroniseCode();
    Stop stop = null;
    // Once by what comes before the region, and then by it.
    for (int i = 0; i < 4; i++) {
      view.hart.x(A0, 0);
      stop = view.run(CODE);
    }
    assertTrue(machine.engine().stats().regions() > 0);
    return stop;
  }

  /** A loop of so many rounds, with two loads each, that moves by {@code step}. */
  private static RiscvAssembler sum(long start, int step, int rounds) {
    RiscvAssembler a = new RiscvAssembler().li(A1, start).li(A2, rounds);
    RiscvAssembler.Label loop = a.here();
    a.emit(LD, A3, 0, A1).emit(LD, A4, 16, A1).emit(ADD, A0, A0, A3).emit(XOR, A0, A0, A4);
    a.emit(ADDI, A1, A1, step).emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop);
    return a.emit(ECALL);
  }

  private static long expectedSum(long start, int step, int rounds) {
    long sum = 0;
    for (int i = 0; i < rounds; i++) {
      long offset = start - DATA + (long) i * step;
      sum = sum + value(offset) ^ value(offset + 16);
    }
    return sum;
  }

  @Test
  void risesThroughPages() {
    for (int step : new int[] {8, 24, 136, 2040}) {
      int rounds = (PAGES * PAGE - 24) / step;
      assertInstanceOf(Stop.SystemCall.class, run(sum(DATA, step, rounds)));
      assertEquals(expectedSum(DATA, step, rounds), view.hart.x(A0), "step " + step);
    }
  }

  @Test
  void fallsThroughPages() {
    long last = DATA + PAGES * PAGE - 24;
    for (int step : new int[] {-8, -24, -136, -2040}) {
      int rounds = (PAGES * PAGE - 24) / -step;
      assertInstanceOf(Stop.SystemCall.class, run(sum(last, step, rounds)));
      assertEquals(expectedSum(last, step, rounds), view.hart.x(A0), "step " + step);
    }
  }

  @Test
  void endsWithAFaultAtTheFirstAddressThatIsNotThere() {
    long end = DATA + PAGES * PAGE;
    assertEquals(new Stop.MemoryFault(end, Stop.Access.LOAD, SIGSEGV), run(sum(DATA, 8, 1 << 20)));
    assertEquals(end - 16, view.hart.x(A1));
    assertEquals(CODE + sumLoads(DATA, 1 << 20) + 4, view.hart.pc());
    assertEquals(
        new Stop.MemoryFault(DATA - 8, Stop.Access.LOAD, SIGSEGV), run(sum(end - 24, -8, 1 << 20)));
    assertEquals(DATA - 8, view.hart.x(A1));
  }

  private static int sumLoads(long start, int rounds) {
    return new RiscvAssembler().li(A1, start).li(A2, rounds).offset();
  }

  /** The inner loop starts in the same page, in an earlier one and in a later one. */
  @Test
  void startsAnewEachTimeALoopIsEntered() {
    long[] starts = {0, 0, 8, PAGE - 16, 2 * PAGE, PAGE, 2 * PAGE + 8, 0};
    for (int i = 0; i < starts.length; i++) {
      machine.write64(8, 8 * i, DATA + starts[i]);
    }
    RiscvAssembler a = new RiscvAssembler().li(A5, OTHER).li(A6, starts.length);
    RiscvAssembler.Label outer = a.here();
    a.emit(LD, A1, 0, A5).li(A2, 20);
    RiscvAssembler.Label inner = a.here();
    a.emit(LD, A3, 0, A1).emit(ADD, A0, A0, A3);
    a.emit(ADDI, A1, A1, 8).emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, inner);
    a.emit(ADDI, A5, A5, 8).emit(ADDI, A6, A6, -1).branch(BNE, A6, ZERO, outer).emit(ECALL);
    assertInstanceOf(Stop.SystemCall.class, run(a));
    long sum = 0;
    for (long start : starts) {
      for (int i = 0; i < 20; i++) {
        sum += value(start + 8L * i);
      }
    }
    assertEquals(sum, view.hart.x(A0));
  }

  /** The loop is a region that is entered again and again, without Java in between. */
  @Test
  void startsAnewEachTimeItIsCalled() {
    long[] starts = {0, 0, 8, PAGE - 16, 2 * PAGE, PAGE, 2 * PAGE + 8, 0, PAGE - 8, 16};
    for (int i = 0; i < starts.length; i++) {
      machine.write64(8, 8 * i, DATA + starts[i]);
    }
    int calls = 2000;
    for (int step : new int[] {8, -8, 0}) {
      RiscvAssembler a = new RiscvAssembler();
      RiscvAssembler.Label start = new RiscvAssembler.Label();
      a.jump(start);
      int function = a.offset();
      RiscvAssembler.Label inner = a.here();
      a.emit(LD, A3, 0, A1).emit(ADD, A0, A0, A3);
      a.emit(ADDI, A1, A1, step).emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, inner).ret();
      a.bind(start).li(A6, calls).li(T0, CODE + function).li(A5, OTHER);
      RiscvAssembler.Label outer = a.here();
      a.emit(LD, A1, 0, A5).li(A2, 2).emit(ADDI, A5, A5, 8).emit(ANDI, A4, A5, 0x7f);
      RiscvAssembler.Label same = new RiscvAssembler.Label();
      a.li(A7, 8L * starts.length).branch(BNE, A4, A7, same).li(A5, OTHER);
      a.bind(same).emit(JALR, RA, 0, T0);
      a.emit(ADDI, A6, A6, -1).branch(BNE, A6, ZERO, outer).emit(ECALL);
      // The first of them goes down from the page's start.
      view.map(DATA - PAGE, 20, Rights.WRITE);
      assertInstanceOf(Stop.SystemCall.class, run(a));
      long sum = 0;
      for (int i = 0; i < calls; i++) {
        long first = starts[i % starts.length];
        sum += value(first) + (first + step < 0 ? 0 : value(first + step));
      }
      assertEquals(sum, view.hart.x(A0), "step " + step);
    }
  }

  /** A page has changed when emitted code is entered again, and nobody has to ask for it. */
  @Test
  void knowsNoPageAnyMoreWhenEnteredAgain() {
    machine.write64(8, 0, 1);
    machine.write64(9, 0, 1000);
    RiscvAssembler a = new RiscvAssembler().li(A5, OTHER).li(A2, 100);
    RiscvAssembler.Label loop = a.here();
    a.emit(LD, A3, 0, A5).emit(ADD, A0, A0, A3);
    a.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
    run(a);
    assertEquals(100, view.hart.x(A0));
    view.map(OTHER, 9, Rights.WRITE).fill(OTHER, Long.BYTES, false);
    view.hart.x(A0, 0);
    view.run(CODE);
    assertEquals(100 * 1000, view.hart.x(A0));
  }

  /** Java is asked for a page, and another one has changed when emitted code goes on. */
  @Test
  void knowsNoPageAnyMoreWhenJavaWasAsked() {
    machine.write64(8, 0, 1);
    machine.write64(9, 0, 1000);
    RiscvAssembler a = new RiscvAssembler().li(A1, DATA).li(A5, OTHER).li(A2, 2 * PAGE / 8);
    RiscvAssembler.Label loop = a.here();
    a.emit(LD, A3, 0, A5).emit(ADD, A0, A0, A3).emit(SD, A0, 0, A1);
    a.emit(ADDI, A1, A1, 8).emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
    run(a);
    assertEquals(2 * PAGE / 8, view.hart.x(A0));
    view.tlb.clear();
    int[] fills = {0};
    view.onFill =
        () -> {
          // The first two are OTHER and the first page, the third is the second page.
          if (++fills[0] == 3) {
            view.map(OTHER, 9, Rights.WRITE);
          }
        };
    view.hart.x(A0, 0);
    assertInstanceOf(Stop.SystemCall.class, view.run(CODE));
    assertEquals(4, fills[0]);
    assertEquals(PAGE / 8 + 1 + 1000L * (PAGE / 8 - 1), view.hart.x(A0));
  }

  /** Where a table's index goes, up and down. */
  private static long nextIndex(long index) {
    return index * 5 + 24 & TABLE;
  }

  /** Looks up words of a table, some of them those 16 bytes before, too; stores what it has. */
  private static RiscvAssembler lookUps(long table, long copy, int rounds) {
    RiscvAssembler a = new RiscvAssembler().li(A1, table).li(A7, copy).li(A2, rounds).li(A4, 0);
    RiscvAssembler.Label loop = a.here();
    RiscvAssembler.Label skip = new RiscvAssembler.Label();
    a.emit(SLLI, A5, A4, 2).emit(ADD, A4, A4, A5).emit(ADDI, A4, A4, 24).emit(ANDI, A4, A4, TABLE);
    a.emit(ADD, A5, A1, A4).emit(ANDI, A6, A4, SOME).branch(BEQ, A6, ZERO, skip);
    a.emit(LD, A3, 0, A5).emit(ADD, A0, A0, A3);
    a.bind(skip).emit(LD, A6, 16, A5).emit(XOR, A0, A0, A6);
    a.emit(ADD, A5, A7, A4).emit(SD, A0, 0, A5);
    return a.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
  }

  /** The table and the copy are in two pages each; so many rounds use up all turns. */
  @Test
  void looksUpTablesAcrossPages() {
    looksUpTables(OTHER + PAGE - 1023);
  }

  /** All of the copy is next to each other. */
  @Test
  void looksUpTablesAcrossPagesInFramesThatFollowEachOther() {
    for (int page = 0; page < PAGES; page++) {
      view.map(OTHER + page * PAGE, 20 + page, Rights.WRITE);
    }
    for (int start : new int[] {PAGE - 1024, PAGE - 1023, PAGE - 2040, PAGE - 8, PAGE - 7}) {
      looksUpTables(OTHER + start);
      looksUpTables(OTHER + PAGE + start);
    }
  }

  private void looksUpTables(long copy) {
    int rounds = 30_000;
    long table = DATA + PAGE - 1024;
    assertInstanceOf(Stop.SystemCall.class, run(lookUps(table, copy, rounds)));
    long sum = 0;
    long index = 0;
    Map<Long, Long> stored = new HashMap<>();
    for (int i = 0; i < rounds; i++) {
      index = nextIndex(index);
      sum += (index & SOME) == 0 ? 0 : value(table - DATA + index);
      sum ^= value(table - DATA + index + 16);
      stored.put(index, sum);
    }
    assertEquals(sum, view.hart.x(A0));
    stored.forEach((at, value) -> assertEquals(value, view.load(copy + at, Long.BYTES)));
  }

  @Test
  void looksUpNothingBehindTheLastPage() {
    long end = DATA + PAGES * PAGE;
    long table = end - TABLE;
    long index = 0;
    long last = 0;
    while (last < end) {
      index = nextIndex(index);
      boolean isFirst = (index & SOME) != 0 && table + index >= end;
      last = table + index + (isFirst ? 0 : 16);
    }
    assertEquals(
        new Stop.MemoryFault(last, Stop.Access.LOAD, SIGSEGV), run(lookUps(table, OTHER, 1 << 20)));
    assertEquals(index, view.hart.x(A4));
  }

  /** The table's page has changed when Java has been asked for one of the copy. */
  @Test
  void knowsNoTableAnyMoreWhenJavaWasAsked() {
    run(lookUps(DATA, OTHER + PAGE - 1024, 100));
    view.tlb.clear();
    int[] fills = {0};
    view.onFill =
        () -> {
          // After the table's page and the first one of the copy.
          if (++fills[0] == 3) {
            view.map(DATA, 9, Rights.WRITE);
          }
        };
    view.hart.x(A0, 0);
    assertInstanceOf(Stop.SystemCall.class, view.run(CODE));
    assertEquals(4, fills[0]);
  }

  /** The last of two pages that follow each other in memory, too, is followed by none. */
  @Test
  void looksUpNothingBehindPagesThatFollowEachOther() {
    long end = OTHER + 2 * PAGE;
    view.map(OTHER, 20, Rights.WRITE).map(OTHER + PAGE, 21, Rights.WRITE);
    RiscvAssembler a =
        new RiscvAssembler().li(A1, OTHER + PAGE - 4 * TABLE_STEP + 8).li(A2, 1 << 20);
    a.li(A4, 0);
    RiscvAssembler.Label loop = a.here();
    // To and fro, a little further each time.
    a.emit(XORI, A4, A4, TABLE_STEP).emit(ADDI, A1, A1, 8).emit(ADD, A5, A1, A4);
    a.emit(LD, A3, 0, A5).emit(ADD, A0, A0, A3);
    a.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
    assertEquals(new Stop.MemoryFault(end, Stop.Access.LOAD, SIGSEGV), run(a));
    assertEquals(TABLE_STEP, view.hart.x(A4));
  }

  /** Two pages are as far apart as their frames, but what is between them is elsewhere. */
  @Test
  void doesNotTakeWhatIsBetweenPages() {
    view.map(OTHER, 20, Rights.WRITE).map(OTHER + PAGE, 30, Rights.WRITE);
    view.map(OTHER + 2 * PAGE, 22, Rights.WRITE);
    for (int frame : new int[] {20, 21, 22, 30}) {
      machine.write64(frame, 0, frame);
    }
    for (int way : new int[] {1, -1}) {
      RiscvAssembler a = new RiscvAssembler().li(A1, OTHER + (1 - way) * PAGE).li(A2, 300);
      a.li(A4, way * 2 * PAGE).li(A5, -way * PAGE).li(A6, -way * PAGE);
      RiscvAssembler.Label loop = a.here();
      a.emit(LD, A3, 0, A1).emit(ADD, A0, A0, A3).emit(ADD, A1, A1, A4);
      a.emit(ADDI, A7, A4, 0).emit(ADDI, A4, A5, 0).emit(ADDI, A5, A6, 0).emit(ADDI, A6, A7, 0);
      a.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
      assertInstanceOf(Stop.SystemCall.class, run(a));
      assertEquals(100 * (20 + 22 + 30), view.hart.x(A0));
    }
  }

  /** What a stream's accesses share is needed by others in between. */
  @Test
  void accessesOfStreamsMixWithOthers() {
    long pointer = OTHER + 8;
    machine.write64(8, 8, pointer);
    RiscvAssembler a = new RiscvAssembler().li(A1, DATA).li(A6, pointer).li(A7, OTHER + PAGE);
    a.li(A2, 100).emit(SD, ZERO, 0, A7);
    RiscvAssembler.Label loop = a.here();
    a.emit(LD, A3, 0, A1).emit(AMOADD_D, A4, A2, A7).emit(LD, A5, 8, A1).emit(LD, A6, 0, A6);
    a.emit(LD, T1, 16, A1).emit(ADD, A0, A0, A3).emit(XOR, A0, A0, A4).emit(ADD, A0, A0, A5);
    a.emit(XOR, A0, A0, A6).emit(ADD, A0, A0, T1).emit(ADDI, A1, A1, 24);
    a.emit(ADDI, A2, A2, -1).branch(BNE, A2, ZERO, loop).emit(ECALL);
    assertInstanceOf(Stop.SystemCall.class, run(a));
    long sum = 0;
    long counter = 0;
    for (int i = 0; i < 100; i++) {
      sum = (sum + value(24 * i) ^ counter) + value(24 * i + 8);
      sum = (sum ^ pointer) + value(24 * i + 16);
      counter += 100 - i;
    }
    assertEquals(sum, view.hart.x(A0));
  }
}
