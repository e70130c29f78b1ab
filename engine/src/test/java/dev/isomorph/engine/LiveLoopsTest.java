package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.engine.TestMemory.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By blocks, which have code as regions do. */
class LiveLoopsTest {
  private final TestMemory memory = new TestMemory();
  private final Engine engine = new Engine(memory, EngineOptions.DEFAULT.withBlockLimit(2));
  private final LiveLoops live = new LiveLoops();

  /** Blocks of two instructions. */
  LiveLoopsTest() {
    RiscvAssembler a = new RiscvAssembler();
    for (int i = 0; i < 8; i++) {
      a.emit(Opcode.ADDI, A0, A0, 1);
    }
    memory.code(a.emit(Opcode.ECALL).bytes());
    try (Hart hart = engine.newHart()) {
      hart.pc(CODE);
      hart.run();
    }
  }

  @AfterEach
  void close() {
    engine.close();
    memory.close();
  }

  private TranslatedBlock block(long pc) {
    return engine.codeCache().find(pc, 0);
  }

  @Test
  void countsThoseAnInstructionIsPartOf() {
    live.add(block(CODE), 0);
    live.add(block(CODE), 0);
    live.add(block(CODE + 8), 0);
    assertEquals(2, live.around(CODE, 0));
    assertEquals(2, live.around(CODE + 4, 0));
    assertEquals(1, live.around(CODE + 8, 0));
    assertEquals(0, live.around(CODE + 16, 0));
  }

  @Test
  void thoseOfAnotherModeDoNotCount() {
    live.add(block(CODE), 1);
    assertEquals(0, live.around(CODE, 0));
    assertEquals(1, live.around(CODE, 1));
  }

  @Test
  void whatIsGoneIsForgotten() {
    live.add(block(CODE), 0);
    live.add(block(CODE + 8), 0);
    engine.codeCache().remove(block(CODE));
    assertEquals(0, live.around(CODE, 0));
    assertEquals(1, live.around(CODE + 8, 0));
  }
}
