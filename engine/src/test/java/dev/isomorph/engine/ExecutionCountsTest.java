package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.hostbackend.lower.ExecutionCounts;
import dev.isomorph.hostbackend.lower.ExecutionCounts.Translation;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Emitted code counts what it executes to the last instruction, however it is left. */
class ExecutionCountsTest {
  private static final int PROGRAMS = Integer.getInteger("isomorph.programs", 20);
  private static final int SP = 2;
  private static final int T0 = 5;
  private static final int T1 = 6;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final EngineOptions COUNTING = EngineOptions.DEFAULT.withCounting(true);
  private static final EngineOptions[] WAYS = {
    COUNTING,
    COUNTING.withOptimise(false),
    COUNTING.withBlockLimit(3),
    COUNTING.withChaining(false),
    COUNTING.withCodeCache(CodeCache.MIN_SIZE),
    COUNTING.withRegions(EngineOptions.Regions.AT_ONCE),
    COUNTING.withRegions(EngineOptions.Regions.ALWAYS),
  };

  private final TestMemory memory = new TestMemory();
  private Engine engine;
  private Hart hart;

  @AfterEach
  void close() {
    engine.close();
    memory.close();
  }

  private Stop run(byte[] program, EngineOptions options) {
    memory.clearData();
    memory.code(program);
    engine = new Engine(memory, options);
    hart = engine.newHart();
    hart.pc(CODE);
    hart.x(SP, DATA + TestMemory.DATA_SIZE);
    return hart.run();
  }

  private static long guest(ExecutionCounts counts) {
    return counts.evaluatedCount()
        + counts.translations().stream().mapToLong(Translation::guest).sum();
  }

  private static long host(ExecutionCounts counts) {
    return counts.translations().stream().mapToLong(Translation::host).sum();
  }

  @Test
  void guestInstructionsAreThoseTheEvaluatorRuns() {
    long first = Long.getLong("isomorph.seed", 1);
    for (long seed = first; seed < first + PROGRAMS; seed++) {
      byte[] program = RandomProgram.of(new Random(seed));
      run(program, EngineOptions.DEFAULT.withTranslation(false));
      long expected = engine.stats().evaluated();
      for (EngineOptions way : WAYS) {
        engine.close();
        assertInstanceOf(Stop.SystemCall.class, run(program, way));
        assertEquals(expected, guest(engine.executionCounts()), "seed " + seed + ", " + way);
      }
    }
  }

  /** A loop of a few instructions whose host instructions are known. */
  private static RiscvAssembler loop(int times) {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A1, times);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ADD, A0, A0, A1);
    a.emit(Opcode.ADDI, A1, A1, -1);
    a.branch(Opcode.BNE, A1, 0, loop);
    a.emit(Opcode.ECALL);
    return a;
  }

  @Test
  void everyRoundOfALoopCountsAlike() {
    run(loop(10).bytes(), COUNTING);
    long ten = host(engine.executionCounts());
    engine.close();
    run(loop(1000).bytes(), COUNTING);
    List<Translation> all = engine.executionCounts().translations();
    // add, sub, the poll's cmp and jne, the branch's test and jne
    assertEquals(6 * 990, host(engine.executionCounts()) - ten);
    assertEquals(1 + 3 * 1000 + 1, guest(engine.executionCounts()));
    assertTrue(all.stream().anyMatch(each -> each.entries() == 999), all::toString);
  }

  @Test
  void whatIsPolledAwayIsCountedOnceItIsExecuted() {
    memory.code(loop(1000).bytes());
    engine = new Engine(memory, COUNTING);
    hart = engine.newHart();
    hart.pc(CODE + 4);
    hart.x(A1, 1000);
    hart.requestPoll();
    assertInstanceOf(Stop.Polled.class, hart.run());
    // The poll stands in front of the branch, which has not been executed yet.
    assertEquals(CODE + 12, hart.pc());
    assertEquals(2, guest(engine.executionCounts()));
    assertInstanceOf(Stop.SystemCall.class, hart.run());
    assertEquals(3 * 1000 + 1, guest(engine.executionCounts()));
  }

  /** The loop adds words, but has none at first; each round starts with a jump from outside. */
  @Test
  void whereARegionIsNotEnteredAnInstructionCountsOnce() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, 60);
    RiscvAssembler.Label outer = a.here();
    a.li(A0, 0x7_8000_0000L).li(A1, 3);
    RiscvAssembler.Label inner = a.here();
    a.emit(Opcode.ADDW, A0, A0, A1).emit(Opcode.ADDI, A1, A1, -1);
    a.branch(Opcode.BNE, A1, 0, inner);
    a.emit(Opcode.ADDI, T0, T0, -1).branch(Opcode.BNE, T0, 0, outer);
    a.emit(Opcode.ECALL);
    run(a.bytes(), EngineOptions.DEFAULT.withTranslation(false));
    long expected = engine.stats().evaluated();
    for (EngineOptions way : WAYS) {
      engine.close();
      assertInstanceOf(Stop.SystemCall.class, run(a.bytes(), way));
      assertEquals(expected, guest(engine.executionCounts()), way.toString());
    }
  }

  @Test
  void anInstructionThatFaultsIsNotExecuted() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(T0, 0x1238).li(T1, 5);
    a.emit(Opcode.ADDI, A0, A0, 1);
    a.emit(Opcode.LD, A1, 8, T0);
    a.emit(Opcode.ADDI, A0, A0, 1);
    a.emit(Opcode.ADDI, A0, A0, 1);
    a.emit(Opcode.ECALL);
    for (EngineOptions way : WAYS) {
      assertInstanceOf(Stop.MemoryFault.class, run(a.bytes(), way));
      long before = (hart.pc() - CODE) / 4;
      assertEquals(before, guest(engine.executionCounts()), way.toString());
      hart.pc(hart.pc() + 4);
      assertInstanceOf(Stop.SystemCall.class, hart.run());
      assertEquals(before + 3, guest(engine.executionCounts()), way.toString());
      engine.close();
    }
    engine = new Engine(memory, COUNTING);
  }

  @Test
  void hartsThatHaveEndedCountToo() {
    run(loop(10).bytes(), COUNTING);
    Hart other = engine.newHart();
    other.pc(CODE);
    other.run();
    other.close();
    assertEquals(2 * (1 + 3 * 10 + 1), guest(engine.executionCounts()));
  }
}
