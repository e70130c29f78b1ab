package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.engine.TestMemory.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs do the same with translations that were kept, which are used where they still hold. */
class KeptTranslationsTest {
  private static final int PROGRAMS = Integer.getInteger("isomorph.programs", 20);
  private static final int SIGSEGV = 11;

  private final Path folder;
  private final TestStore store;

  KeptTranslationsTest(@TempDir Path folder) {
    this.folder = folder;
    store = new TestStore(folder, "test");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void randomProgramsDoTheSame() {
    long first = Long.getLong("isomorph.seed", 1);
    for (long seed = first; seed < first + PROGRAMS; seed++) {
      byte[] program = RandomProgram.of(new Random(seed));
      ProgramRun plain = ProgramRun.of(program, EngineOptions.DEFAULT);
      try (TestStore own = new TestStore(folder, "seed " + seed)) {
        assertDoesTheSame(program, plain, own, "seed " + seed);
      }
    }
  }

  private static void assertDoesTheSame(
      byte[] program, ProgramRun plain, TestStore store, String name) {
    ProgramRun making = ProgramRun.of(program, store.keeping());
    assertEquals(plain.state(), making.state());
    assertEquals(plain.stats().blocks(), making.stats().blocks());
    for (int i = 0; i < 2; i++) {
      ProgramRun kept = ProgramRun.of(program, store.keeping());
      assertEquals(plain.state(), kept.state(), name);
      assertEquals(0, kept.stats().blocks());
      assertTrue(kept.stats().revived() > 0);
      assertTrue(kept.stats().dispatches() < making.stats().dispatches());
      store.next();
    }
    EngineOptions small = store.keeping().withCodeCache(CodeCache.MIN_SIZE);
    assertEquals(plain.state(), ProgramRun.of(program, small).state(), name);
    EngineOptions looping = store.keeping().withRegions(EngineOptions.Regions.AT_ONCE);
    for (int i = 0; i < 2; i++) {
      assertEquals(plain.state(), ProgramRun.of(program, looping).state(), name);
    }
  }

  /** Every program is at the same address, so translations of one are found for the other. */
  @Test
  void othersCodeIsNotMistakenForOnesOwn() {
    for (int seed = 0; seed < PROGRAMS; seed++) {
      byte[] program = RandomProgram.of(new Random(seed));
      String expected = ProgramRun.of(program, EngineOptions.DEFAULT).state();
      assertEquals(expected, ProgramRun.of(program, store.keeping()).state());
      // The same but for an instruction.
      byte[] changed = program.clone();
      int at = 4 * new Random(seed).nextInt(program.length / 4 / 2);
      changed[at + 3] ^= 0x40;
      try {
        expected = ProgramRun.of(changed, EngineOptions.DEFAULT).state();
      } catch (AssertionError doesNotEnd) {
        continue;
      }
      assertEquals(expected, ProgramRun.of(changed, store.keeping()).state());
    }
  }

  @Test
  void otherOptionsDoWithout() {
    byte[] program = RandomProgram.of(new Random(1));
    ProgramRun.of(program, store.keeping());
    for (EngineOptions other :
        new EngineOptions[] {
          store.keeping().withOptimise(false),
          store.keeping().withBlockLimit(3),
          store.keeping().withChaining(false),
          store.keeping().withCounting(true),
        }) {
      EngineStats stats = ProgramRun.of(program, other).stats();
      assertEquals(0, stats.revived());
      assertNotEquals(0, stats.blocks());
    }
  }

  private static byte[] addition(int n) {
    return new RiscvAssembler().emit(Opcode.ADDI, A0, A0, n).emit(Opcode.ECALL).bytes();
  }

  /** A load in a block that was kept faults at its own instruction. */
  @Test
  void faultsAreAsExactAsEver() {
    byte[] program =
        new RiscvAssembler()
            .emit(Opcode.ADDI, A0, A0, 1)
            .emit(Opcode.LD, A1, 0, A1)
            .emit(Opcode.ADDI, A0, A0, 1)
            .emit(Opcode.ECALL)
            .bytes();
    for (int i = 0; i < 2; i++) {
      try (TestMemory memory = new TestMemory();
          Engine engine = new Engine(memory, store.keeping())) {
        memory.code(program);
        Hart hart = engine.newHart();
        hart.pc(CODE);
        assertEquals(new Stop.MemoryFault(0, Stop.Access.DATA, SIGSEGV), hart.run());
        assertEquals(CODE + 4, hart.pc());
        assertEquals(1, hart.x(A0));
        assertEquals(i, engine.stats().revived());
      }
    }
  }

  /** Revived translations are dropped when their code changes, like others. */
  @Test
  void codeMayChangeAfterwards() {
    ProgramRun.of(addition(1), store.keeping());
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, store.keeping())) {
      memory.code(addition(1));
      Hart hart = engine.newHart();
      hart.pc(CODE);
      hart.run();
      assertEquals(1, engine.stats().revived());
      memory.code(addition(100));
      engine.flushCode(CODE, CODE + 8);
      hart.pc(CODE);
      hart.run();
      assertEquals(101, hart.x(A0));
      memory.forbidExecution();
      engine.flushCode(CODE, CODE + 8);
      hart.pc(CODE);
      assertEquals(new Stop.MemoryFault(CODE, Stop.Access.EXECUTE, SIGSEGV), hart.run());
    }
  }
}
