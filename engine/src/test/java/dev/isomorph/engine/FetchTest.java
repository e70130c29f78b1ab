package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.CODE_SIZE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchTest {
  private static final int SIGSEGV = 11;
  private static final long CODE_END = CODE + CODE_SIZE;

  private final TestMemory memory = new TestMemory();

  @AfterEach
  void close() {
    memory.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -2, CODE - 2, CODE_END, Long.MAX_VALUE - 1, Long.MIN_VALUE})
  void nothingIsFetchedWhereNothingIsMapped(long pc) {
    GuestCode code = new GuestCode(memory);
    assertEquals(0, code.parcel(CODE));
    assertEquals(0, code.parcel(CODE_END - 2));
    assertEquals(-1, code.parcel(pc));
  }

  @Test
  void faultsWhereTheMissingPartOfAnInstructionIs() {
    memory.write64(CODE_END - 8, 0x0013_0001_0001_0001L); // three c.nop, the first half of addi
    try (Engine engine = new Engine(memory, EngineOptions.DEFAULT);
        Hart hart = engine.newHart()) {
      hart.pc(CODE_END - 8);
      assertEquals(new Stop.MemoryFault(CODE_END, Stop.Access.EXECUTE, SIGSEGV), hart.run());
      assertEquals(CODE_END - 2, hart.pc());
    }
  }
}
