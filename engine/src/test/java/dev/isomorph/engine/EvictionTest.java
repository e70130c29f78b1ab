package dev.isomorph.engine;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.engine.TestMemory.CODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import org.junit.jupiter.api.Test;

/** What happens when the translation of a jump's target evicts the jump. */
class EvictionTest {
  private static final int MOST_UNITS = 500;
  private static final int UNIT = 30;

  /** The first block jumps out if a2 is set; as many more follow as fill a cache. */
  private static byte[] program(int units) {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label near = new RiscvAssembler.Label();
    RiscvAssembler.Label out = new RiscvAssembler.Label();
    RiscvAssembler.Label first = new RiscvAssembler.Label();
    a.branch(Opcode.BNE, A2, 0, near).jump(first);
    a.bind(near).jump(out).bind(first);
    for (int i = 0; i < units; i++) {
      for (int j = 0; j < UNIT; j++) {
        a.emit(Opcode.ORC_B, A1, A1);
      }
    }
    a.emit(Opcode.ECALL).bind(out);
    for (int j = 0; j < UNIT; j++) {
      a.emit(Opcode.ORC_B, A1, A1).emit(Opcode.ADDI, A0, A0, 1);
    }
    return a.emit(Opcode.ECALL).bytes();
  }

  /** Evictions by a run that goes through all units, and by one that jumps out after that. */
  private static long[] evictions(int units) {
    try (TestMemory memory = new TestMemory();
        Engine engine =
            new Engine(memory, EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE));
        Hart hart = engine.newHart()) {
      memory.code(program(units));
      long[] evictions = new long[2];
      for (int i = 0; i < 2; i++) {
        hart.x(A2, i);
        hart.pc(CODE);
        assertInstanceOf(Stop.SystemCall.class, hart.run());
        evictions[i] = engine.codeCache().evictions();
      }
      assertEquals(UNIT, hart.x(A0));
      return evictions;
    }
  }

  @Test
  void aJumpIsNotLinkedInWhatHasReplacedIt() {
    int fits = 0;
    int overflows = MOST_UNITS;
    while (overflows - fits > 1) {
      int middle = (fits + overflows) / 2;
      if (evictions(middle)[0] == 0) {
        fits = middle;
      } else {
        overflows = middle;
      }
    }
    assertEquals(1, evictions(fits)[1], "the jump's target has evicted it");
  }
}
