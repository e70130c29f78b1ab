package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.hostbackend.lower.StencilCompiler;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the evaluator runs the first time does the same as translations, and they take over. */
class FirstRunsTest {
  private static final int PROGRAMS = Integer.getInteger("isomorph.programs", 40);
  private static final int SIGSEGV = 11;
  private static final EngineOptions FIRST = EngineOptions.DEFAULT.withEvaluateFirst(true);

  private final TestMemory memory = new TestMemory();
  private final Engine engine = new Engine(memory, FIRST);
  private final Hart hart = engine.newHart();

  @AfterEach
  void close() {
    engine.close();
    memory.close();
  }

  private Stop run(RiscvAssembler program) {
    memory.code(program.bytes());
    engine.flushCode(CODE, CODE + TestMemory.CODE_SIZE);
    hart.pc(CODE);
    return hart.run();
  }

  @Test
  void randomProgramsDoTheSame() {
    long first = Long.getLong("isomorph.seed", 1);
    for (long seed = first; seed < first + PROGRAMS; seed++) {
      byte[] program = RandomProgram.of(new Random(seed));
      ProgramRun plain = ProgramRun.of(program, EngineOptions.DEFAULT);
      for (EngineOptions options :
          new EngineOptions[] {
            FIRST,
            FIRST.withOptimise(false),
            FIRST.withBlockLimit(3),
            FIRST.withQuickFrom(0),
            FIRST.withCodeCache(CodeCache.MIN_SIZE),
            FIRST.withRegions(EngineOptions.Regions.HOT),
            FIRST.withTranslations(TranslationStore.ofThisRun())
          }) {
        ProgramRun run = ProgramRun.of(program, options);
        assertEquals(plain.state(), run.state(), "seed " + seed);
        assertTrue(run.stats().evaluated() > 0);
      }
    }
  }

  @Test
  void codeThatRunsOnceIsNotTranslated() {
    RiscvAssembler a = new RiscvAssembler();
    for (int i = 0; i < 100; i++) {
      RiscvAssembler.Label next = new RiscvAssembler.Label();
      a.emit(Opcode.ADDI, A0, A0, 1).branch(Opcode.BNE, A0, 0, next).bind(next);
    }
    a.emit(Opcode.ECALL);
    assertInstanceOf(Stop.SystemCall.class, run(a));
    assertEquals(100, hart.x(A0));
    assertEquals(CODE + a.offset() - 4, hart.pc());
    assertEquals(200, engine.stats().evaluated());
    assertEquals(0, engine.stats().blocks());
  }

  @Test
  void codeThatRunsAgainIsTranslated() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A1, 1000);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ADD, A0, A0, A1).emit(Opcode.ADDI, A1, A1, -1).branch(Opcode.BNE, A1, 0, loop);
    a.emit(Opcode.ECALL);
    assertInstanceOf(Stop.SystemCall.class, run(a));
    assertEquals(500500, hart.x(A0));
    assertTrue(engine.stats().evaluated() < 10);
    assertTrue(engine.stats().blocks() > 0);
  }

  /** An encoding of all ones is not one that cannot be fetched. */
  @Test
  void allOnesAreIllegalWhenPutTogether() {
    byte[] ones = {-1, -1, -1, -1};
    memory.code(ones);
    try (Engine engine = new Engine(memory, EngineOptions.DEFAULT.withQuickFrom(0));
        Hart hart = engine.newHart()) {
      hart.pc(CODE);
      assertInstanceOf(Stop.IllegalInstruction.class, hart.run());
      assertEquals(1, engine.stats().putTogether());
    }
  }

  /** What has been put together quickly is translated well when it has been executed often. */
  @Test
  void whatRunsOftenIsTranslatedAgain() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A1, 3 * StencilCompiler.OFTEN);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ADD, A0, A0, A1).emit(Opcode.ADDI, A1, A1, -1).branch(Opcode.BNE, A1, 0, loop);
    a.emit(Opcode.ECALL);
    EngineOptions quick =
        EngineOptions.DEFAULT.withQuickFrom(0).withTranslations(TranslationStore.ofThisRun());
    for (int i = 0; i < 2; i++) {
      // The second one finds what the first one has kept.
      try (Engine engine = new Engine(memory, quick);
          Hart hart = engine.newHart()) {
        memory.code(a.bytes());
        hart.pc(CODE);
        assertInstanceOf(Stop.SystemCall.class, hart.run());
        long rounds = 3 * StencilCompiler.OFTEN;
        assertEquals(rounds * (rounds + 1) / 2, hart.x(A0));
        assertEquals(1 - i, engine.stats().improved());
      }
    }
  }

  @Test
  void faultsAreAsExactAsEver() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A1, TestMemory.READ_ONLY).emit(Opcode.ADDI, A0, A0, 1);
    int store = a.offset();
    a.emit(Opcode.SD, A0, 8, A1).emit(Opcode.ADDI, A0, A0, 1).emit(Opcode.ECALL);
    Stop expected = new Stop.MemoryFault(TestMemory.READ_ONLY + 8, Stop.Access.DATA, SIGSEGV);
    for (int i = 1; i <= 3; i++) {
      assertEquals(expected, run(a));
      assertEquals(CODE + store, hart.pc());
      assertEquals(i, hart.x(A0));
    }
  }

  @Test
  void whatIsNoPlainInstructionStopsTheGuest() {
    RiscvAssembler a = new RiscvAssembler();
    a.emit(Opcode.ADDI, A0, A0, 1).emit(Opcode.EBREAK);
    assertEquals(new Stop.Breakpoint(), run(a));
    assertEquals(CODE + 4, hart.pc());
    a = new RiscvAssembler();
    a.emit(Opcode.ADDI, A0, A0, 1).emit(Opcode.JALR, 0, 2, 0);
    assertEquals(new Stop.MemoryFault(2, Stop.Access.EXECUTE, SIGSEGV), run(a));
    assertEquals(2, hart.pc());
    hart.pc(CODE + 64);
    assertEquals(new Stop.IllegalInstruction(0), hart.run());
    assertEquals(2, hart.x(A0));
  }

  /** An atomic that is misaligned is for the evaluator the second time, too. */
  @Test
  void misalignedAtomicsAreReported() {
    RiscvAssembler a = new RiscvAssembler();
    a.li(A1, DATA + 2).emit(Opcode.AMOADD_W, A0, A0, A1).emit(Opcode.ECALL);
    assertEquals(new Stop.Misaligned(DATA + 2, true), run(a));
    assertEquals(new Stop.Misaligned(DATA + 2, true), run(a));
  }

  @Test
  void pollsStopTheGuestBeforeItsFirstInstruction() {
    RiscvAssembler a = new RiscvAssembler();
    a.emit(Opcode.ADDI, A0, A0, 1).emit(Opcode.ECALL);
    hart.requestPoll();
    assertEquals(new Stop.Polled(), run(a));
    assertEquals(CODE, hart.pc());
    assertInstanceOf(Stop.SystemCall.class, hart.run());
    assertEquals(1, hart.x(A0));
  }

  @Test
  void codeMayChangeInBetween() {
    for (int n = 1; n < 100; n *= 3) {
      RiscvAssembler a = new RiscvAssembler();
      a.emit(Opcode.ADDI, A0, 0, n).emit(Opcode.FENCE_I).emit(Opcode.ADDI, A2, A0, n);
      a.emit(Opcode.ECALL);
      assertInstanceOf(Stop.SystemCall.class, run(a));
      assertEquals(2 * n, hart.x(A2));
    }
  }

  /** Whoever watches sees all of it translated. */
  @Test
  void observersAreToldOfAll() {
    byte[] program = RandomProgram.of(new Random(1));
    EngineStats stats = ProgramRun.of(program, FIRST.withCounting(true)).stats();
    assertEquals(
        ProgramRun.of(program, EngineOptions.DEFAULT.withCounting(true)).stats().evaluated(),
        stats.evaluated());
  }
}
