package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A3;
import static dev.isomorph.decoder.Registers.A4;
import static dev.isomorph.decoder.Registers.SP;
import static dev.isomorph.decoder.Registers.ZERO;
import static dev.isomorph.engine.TestMemory.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.lift.Supposition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What registers were seen to hold when a region was made may be another thing later. */
class SuppositionTest {
  private static final int ROUNDS = 40;

  /** Remainders by a divisor that is another one in each round of the outer loop. */
  private static byte[] remainders() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label outer = a.here();
    a.emit(Opcode.ADDI, A3, ZERO, ROUNDS);
    RiscvAssembler.Label inner = a.here();
    a.emit(Opcode.ADDI, A1, A1, 1237).emit(Opcode.REM, A4, A1, A2).emit(Opcode.ADD, A0, A0, A4);
    a.emit(Opcode.ADDI, A3, A3, -1).branch(Opcode.BNE, A3, ZERO, inner);
    a.emit(Opcode.ADDI, A2, A2, -1).branch(Opcode.BGE, A2, ZERO, outer);
    return a.emit(Opcode.ECALL).bytes();
  }

  /** Words that are copied by halves to a variable which is elsewhere in each round. */
  private static byte[] copies() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label outer = a.here();
    a.emit(Opcode.ADDI, A3, ZERO, ROUNDS);
    RiscvAssembler.Label inner = a.here();
    a.emit(Opcode.ADDI, A1, A1, 1237).emit(Opcode.SRLI, A4, A1, 8);
    a.emit(Opcode.SB, A1, 0, A2).emit(Opcode.SB, A4, 1, A2).emit(Opcode.LHU, A4, 100, SP);
    a.emit(Opcode.ADD, A0, A0, A4);
    a.emit(Opcode.ADDI, A3, A3, -1).branch(Opcode.BNE, A3, ZERO, inner);
    a.emit(Opcode.ADDI, A2, A2, -1).branch(Opcode.BNE, A2, SP, outer);
    return a.emit(Opcode.ECALL).bytes();
  }

  private static List<Long> result(byte[] program, long a2, EngineOptions options) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, options);
        Hart hart = engine.newHart()) {
      memory.code(program);
      hart.pc(CODE);
      hart.x(SP, TestMemory.DATA);
      hart.x(A2, a2);
      assertInstanceOf(Stop.SystemCall.class, hart.run());
      assertEquals(
          options.regions() == EngineOptions.Regions.AT_ONCE,
          engine.stats().regions() + engine.stats().regionsRevived() > 0);
      return List.of(
          hart.x(A0), hart.x(A1), hart.x(A2), hart.x(A4), memory.read64(hart.x(SP) + 100));
    }
  }

  private static void assertSame(byte[] program, long a2) {
    List<Long> expected = result(program, a2, EngineOptions.DEFAULT.withTranslation(false));
    EngineOptions.Regions regions = EngineOptions.Regions.AT_ONCE;
    assertEquals(expected, result(program, a2, EngineOptions.DEFAULT.withRegions(regions)));
  }

  @Test
  void aDivisorMayChange() {
    assertSame(remainders(), 9);
  }

  /** What was supposed in one run need not be so in the next. */
  @Test
  void keptRegionsAreNotMistaken() {
    assertSameInLaterRuns(remainders(), 0);
    assertSameInLaterRuns(copies(), TestMemory.DATA);
  }

  private static void assertSameInLaterRuns(byte[] program, long base) {
    EngineOptions keeping =
        EngineOptions.DEFAULT
            .withRegions(EngineOptions.Regions.AT_ONCE)
            .withTranslations(TranslationStore.ofThisRun());
    for (int a2 : new int[] {104, 106, 101, 104}) {
      List<Long> expected =
          result(program, base + a2, EngineOptions.DEFAULT.withTranslation(false));
      assertEquals(expected, result(program, base + a2, keeping));
    }
  }

  @Test
  void aVariableMayBeElsewhere() {
    assertSame(copies(), TestMemory.DATA + 102);
    assertSame(copies(), TestMemory.DATA + 100);
  }

  @Test
  void onlyWhatHasNeverChangedIsSupposed() {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, EngineOptions.DEFAULT);
        Hart hart = engine.newHart()) {
      SteadyRegisters registers = new SteadyRegisters();
      assertTrue(registers.suppositions().isEmpty());
      for (int round = 0; round < 3; round++) {
        hart.x(SP, TestMemory.DATA + 16 * round);
        hart.x(A0, hart.x(SP) + 12);
        hart.x(A1, 1000003);
        hart.x(A2, round / 2);
        registers.add(hart);
      }
      List<Supposition> likely = registers.suppositions();
      assertTrue(likely.contains(new Supposition(A0, SP, 12)));
      assertTrue(likely.contains(new Supposition(A1, 0, 1000003)));
      assertTrue(likely.stream().noneMatch(each -> each.register() == A2));
    }
  }
}
