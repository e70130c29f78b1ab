package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.T0;
import static dev.isomorph.decoder.Registers.T1;
import static dev.isomorph.decoder.Registers.ZERO;
import static dev.isomorph.engine.TestMemory.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.RegisterFile;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Regions are kept as blocks are, for as long as they are worth it. */
class KeptRegionsTest {
  private static final int ROUNDS = 100;

  /** Further from the stack pointer than what would be taken for the address of a variable. */
  private static final long DIVISOR = 1_000_003;

  private final TestStore store;

  KeptRegionsTest(@TempDir Path folder) {
    store = new TestStore(folder, "test");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private EngineOptions keeping() {
    return store.keeping().withRegions(EngineOptions.Regions.AT_ONCE);
  }

  /** Adds something up, by a loop at the second instruction. */
  private static byte[] loop(int summand) {
    RiscvAssembler a = new RiscvAssembler();
    a.emit(Opcode.ADDI, T1, ZERO, ROUNDS);
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ADDI, A0, A0, summand).emit(Opcode.ADDI, T1, T1, -1);
    a.branch(Opcode.BNE, T1, ZERO, loop);
    return a.emit(Opcode.ADDI, T0, A0, 0).emit(Opcode.ECALL).bytes();
  }

  private static final long HEAD = CODE + 4;

  /** Runs a loop; where it is first asked, it is found hot. */
  private static void run(Hart hart, long expected) {
    hart.askWhere();
    hart.pc(CODE);
    hart.x(A0, 0);
    assertInstanceOf(Stop.SystemCall.class, hart.run());
    assertEquals(expected, hart.x(T0));
  }

  private EngineStats runOnce(byte[] program, EngineOptions options, long expected) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, options)) {
      memory.code(program);
      run(engine.newHart(), expected);
      return engine.stats();
    }
  }

  private EngineStats runLoop(EngineOptions options) {
    return runOnce(loop(3), options, 3 * ROUNDS);
  }

  @Test
  void whatWasCompiledIsNotCompiledAgain() {
    EngineStats first = runLoop(keeping());
    assertEquals(1, first.regions());
    assertEquals(0, first.regionsRevived());
    for (int i = 0; i < 2; i++) {
      EngineStats next = runLoop(keeping());
      assertEquals(0, next.regions());
      assertEquals(1, next.regionsRevived());
      assertEquals(0, next.blocks());
      store.next();
    }
  }

  /** Even one that comes late, among many blocks: it takes longer to make than to write. */
  @Test
  void aSingleRegionIsWritten() {
    runLoop(keeping().withRegions(EngineOptions.Regions.NEVER));
    store.next();
    assertEquals(1, runLoop(keeping()).regions());
    store.next();
    assertEquals(1, runLoop(keeping()).regionsRevived());
  }

  @Test
  void whoHasNoRegionsGetsBlocks() {
    runLoop(keeping());
    EngineStats without = runLoop(keeping().withRegions(EngineOptions.Regions.NEVER));
    assertEquals(0, without.regionsRevived());
    EngineStats other = runLoop(keeping().withRegions(EngineOptions.Regions.ALWAYS));
    assertEquals(0, other.regionsRevived());
    assertNotEquals(0, other.regions());
  }

  @Test
  void anothersLoopIsNotMistakenForOnesOwn() {
    runLoop(keeping());
    for (int i = 0; i < 2; i++) {
      EngineStats other = runOnce(loop(5), keeping(), 5 * ROUNDS);
      assertEquals(i, other.regionsRevived(), "the newer one has taken the other's place");
    }
  }

  @Test
  void codeMayChangeAfterwards() {
    runLoop(keeping());
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, keeping())) {
      memory.code(loop(3));
      Hart hart = engine.newHart();
      run(hart, 3 * ROUNDS);
      assertEquals(1, engine.stats().regionsRevived());
      memory.code(loop(4));
      engine.flushCode(CODE, CODE + 0x100);
      run(hart, 4 * ROUNDS);
      memory.code(loop(3));
      engine.flushCode(CODE, CODE + 0x100);
      run(hart, 3 * ROUNDS);
    }
  }

  @Test
  void aRegionThatLostItsTrialIsForgotten() {
    runLoop(keeping());
    store.next();
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, keeping())) {
      memory.code(loop(3));
      Hart hart = engine.newHart();
      run(hart, 3 * ROUNDS);
      assertEquals(1, engine.stats().regionsRevived());
      for (int lost = 1; lost <= 2; lost++) {
        LostTrial.pretend(hart);
        run(hart, 3 * ROUNDS);
        assertEquals(lost, engine.stats().regionsDropped());
        run(hart, 3 * ROUNDS);
        assertEquals(1, engine.stats().regions(), "one that is cheaper to enter");
      }
    }
    for (int i = 0; i < 2; i++) {
      EngineStats without = runLoop(keeping());
      assertEquals(0, without.regionsRevived());
      assertEquals(0, without.regions(), "nobody tries again so soon");
      assertNotEquals(0, without.revived(), "blocks stay");
      store.next();
    }
    assertEquals(1, runOnce(loop(2), keeping(), 2 * ROUNDS).regions(), "other code may");
  }

  /** Its work may be another one in this run: it is tried when it has been hot for longer. */
  @Test
  void whatWasGivenUpHasAnotherChance() {
    runLoop(keeping());
    long record = store.now().findRegion(HEAD, 0);
    RegionTraits traits = TranslationRecord.region(record).traits();
    int[] encodings = new int[TranslationRecord.instructionCount(record)];
    long[] all = new long[encodings.length];
    TranslationRecord.instructions(record, all, encodings);
    store.now().forgetRegion(HEAD, 0);
    byte[] refusal = RegionRecord.refusal(traits);
    store.now().addRegion(0, all, encodings, TranslationRecord.Code.NONE, 0, refusal);
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, keeping())) {
      memory.code(loop(3));
      Hart hart = engine.newHart();
      for (int i = 0; i < 4; i++) {
        run(hart, 3 * ROUNDS);
      }
      assertEquals(1, engine.stats().regions());
    }
    assertEquals(1, runLoop(keeping()).regionsRevived());
  }

  /**
   * One that is entered with certain values only may have been left because of these: nothing is
   * known of the loop yet, which is tried with any values next, and then as one that is entered
   * often. Given up again, it is refused.
   */
  @Test
  void whatWasSupposedIsForgottenBeforeTheLoopIsRefused() {
    RiscvAssembler a = new RiscvAssembler();
    a.emit(Opcode.ADDI, T1, ZERO, ROUNDS);
    RiscvAssembler.Label divides = a.here();
    a.emit(Opcode.REMU, T0, T1, A1).emit(Opcode.ADDI, T1, T1, -1);
    a.branch(Opcode.BNE, T1, ZERO, divides);
    a.emit(Opcode.ADDI, T0, T1, 0).emit(Opcode.ECALL);
    final long elsewhere = CODE + a.bytes().length;
    RiscvAssembler.Label loop = a.here();
    a.emit(Opcode.ADDI, A0, A0, 1).branch(Opcode.BNE, A0, ZERO, loop).emit(Opcode.ECALL);
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, keeping())) {
      memory.code(a.bytes());
      Hart hart = engine.newHart();
      hart.x(A1, DIVISOR);
      for (int lost = 0; lost < 3; lost++) {
        run(hart, 0);
        long record = store.now().findRegion(HEAD, 0);
        RegionTraits traits = TranslationRecord.region(record).traits();
        assertEquals(lost == 0, traits.checksValues());
        assertEquals(lost == 2, traits.isBusy());
        LostTrial.pretend(hart);
        hart.askWhere();
        hart.pc(elsewhere);
        hart.x(A0, -ROUNDS);
        assertInstanceOf(Stop.SystemCall.class, hart.run());
        long left = store.now().findRegion(HEAD, 0);
        assertEquals(lost < 2, left == 0);
        assertTrue(lost < 2 || TranslationRecord.region(left).isRefusal());
      }
    }
  }

  /** Two loops, one behind the other. */
  private static byte[] twoLoops() {
    RiscvAssembler a = new RiscvAssembler();
    for (int i = 0; i < 2; i++) {
      a.emit(Opcode.ADDI, T1, ZERO, ROUNDS);
      RiscvAssembler.Label loop = a.here();
      a.emit(Opcode.ADDI, A0, A0, 3).emit(Opcode.ADDI, T1, T1, -1);
      a.branch(Opcode.BNE, T1, ZERO, loop);
    }
    return a.emit(Opcode.ADDI, T0, A0, 0).emit(Opcode.ECALL).bytes();
  }

  @Test
  void eachIsCountedByItself() {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, keeping())) {
      memory.code(twoLoops());
      Hart hart = engine.newHart();
      for (int i = 0; i < 8 && engine.stats().regions() < 2; i++) {
        run(hart, 6 * ROUNDS);
      }
      assertEquals(2, engine.stats().regions());
    }
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, keeping())) {
      memory.code(twoLoops());
      Hart hart = engine.newHart();
      run(hart, 6 * ROUNDS);
      assertEquals(2, engine.stats().regionsRevived());
      for (int i = 0; i < 2; i++) {
        long counter = hart.state().address(RegisterFile.entries(i));
        assertNotEquals(0, HostMemory.getInt(counter), "counter " + i);
      }
    }
  }

  /** Regions go by turns with what else there is in a cache that has hardly any room. */
  @Test
  void programsDoTheSameInASmallCache() {
    for (int seed = 0; seed < 10; seed++) {
      byte[] program = RandomProgram.of(new Random(seed));
      String expected = ProgramRun.of(program, EngineOptions.DEFAULT).state();
      for (int i = 0; i < 3; i++) {
        EngineOptions small = keeping().withCodeCache(CodeCache.MIN_SIZE);
        ProgramRun run = ProgramRun.of(program, small);
        assertEquals(expected, run.state(), "seed " + seed);
        assertTrue(i == 0 || run.stats().revived() > 0);
      }
    }
  }
}
