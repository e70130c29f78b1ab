package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static dev.isomorph.engine.TestMemory.READ_ONLY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accesses that run into a page where they may not be report that page, however they are run. */
class CrossingAccessTest {
  private static final int SIGBUS = 7;

  @ParameterizedTest
  @CsvSource({
    "true, SD, -1, 0", "false, SD, -1, 0",
    "true, SD, -7, 0", "false, SD, -7, 0",
    "true, SD, 4089, 4089", "false, SD, 4089, 4089",
    "true, SH, -1, 0", "false, SH, -1, 0",
    "true, LD, 4089, 4096", "false, LD, 4089, 4096",
    "true, LW, 4095, 4096", "false, LW, 4095, 4096",
    "true, LD, 4096, 4096", "false, LD, 4096, 4096",
  })
  void isReportedWhereItFails(boolean translated, Opcode access, int offset, int faultOffset) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, EngineOptions.DEFAULT.withTranslation(translated));
        Hart hart = engine.newHart()) {
      memory.code(new RiscvAssembler().emit(access, A0, 0, A1).bytes());
      hart.pc(CODE);
      hart.x(A1, READ_ONLY + offset);
      Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, hart.run());
      assertEquals(READ_ONLY + faultOffset, fault.address());
      assertEquals(CODE, hart.pc());
      assertEquals(0, hart.x(A0));
      assertEquals(0, memory.read64(READ_ONLY - 8), "nothing is stored");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, SD, -1, 0", "false, SD, -1, 0",
    "true, SB, 7, 7", "false, SB, 7, 7",
    "true, LD, -7, 0", "false, LD, -7, 0",
    "true, LW, 8, 8", "false, LW, 8, 8",
    "true, AMOADD_W, 12, 12", "false, AMOADD_W, 12, 12",
    "true, LR_D, 8, 8", "false, LR_D, 8, 8",
  })
  void beyondTheEndOfAFileItIsOfAnotherKind(
      boolean translated, Opcode access, int offset, int faultOffset) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, EngineOptions.DEFAULT.withTranslation(translated));
        Hart hart = engine.newHart()) {
      long page = DATA + 4096;
      memory.cutOff(page);
      RiscvAssembler a = new RiscvAssembler();
      switch (access) {
        case AMOADD_W -> a.emit(access, A0, A0, A1);
        case LR_D -> a.emit(access, A0, A1);
        default -> a.emit(access, A0, 0, A1);
      }
      memory.code(a.bytes());
      hart.pc(CODE);
      hart.x(A1, page + offset);
      Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, hart.run());
      assertEquals(page + faultOffset, fault.address());
      assertEquals(SIGBUS, fault.signal());
      assertEquals(CODE, hart.pc());
      assertEquals(0, memory.read64(page - 8), "nothing is stored");
    }
  }
}
