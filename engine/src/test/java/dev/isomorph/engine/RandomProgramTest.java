package dev.isomorph.engine;

import static dev.isomorph.engine.TestMemory.CODE;
import static dev.isomorph.engine.TestMemory.DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.isomorph.codecache.CodeCache;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random programs end in the same state however the engine goes about them. */
class RandomProgramTest {
  private static final int PROGRAMS = Integer.getInteger("isomorph.programs", 20);
  private static final EngineOptions[] WAYS = {
    EngineOptions.DEFAULT,
    EngineOptions.DEFAULT.withOptimise(false),
    EngineOptions.DEFAULT.withBlockLimit(3),
    EngineOptions.DEFAULT.withChaining(false),
    EngineOptions.DEFAULT.withCodeCache(CodeCache.MIN_SIZE),
    EngineOptions.DEFAULT.withCounting(true),
    EngineOptions.DEFAULT.withCounting(true).withRegions(EngineOptions.Regions.AT_ONCE),
    EngineOptions.DEFAULT.withCounting(true).withRegions(EngineOptions.Regions.ALWAYS),
  };

  @Test
  void endInTheSameState() {
    long first = Long.getLong("isomorph.seed", 1);
    for (long seed = first; seed < first + PROGRAMS; seed++) {
      byte[] program = RandomProgram.of(new Random(seed));
      String expected =
          run(
              program,
              EngineOptions.DEFAULT.withOptimise(false).withBlockLimit(1).withChaining(false));
      for (EngineOptions way : WAYS) {
        assertEquals(expected, run(program, way), "seed " + seed + ", " + way);
      }
    }
  }

  private static String run(byte[] program, EngineOptions options) {
    try (TestMemory memory = new TestMemory();
        Engine engine = new Engine(memory, options)) {
      memory.code(program);
      Hart hart = engine.newHart();
      hart.pc(CODE);
      hart.x(2, DATA + TestMemory.DATA_SIZE);
      assertInstanceOf(Stop.SystemCall.class, hart.run());
      StringBuilder state = new StringBuilder();
      for (int i = 1; i < 32; i++) {
        state.append('x').append(i).append(' ').append(Long.toHexString(hart.x(i))).append('\n');
      }
      for (long at = DATA; at < DATA + 4096; at += 8) {
        state.append(Long.toHexString(memory.read64(at))).append(' ');
      }
      return state.toString();
    }
  }
}
