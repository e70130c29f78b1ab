package dev.isomorph.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.translator.opt.Pass;
import java.util.EnumSet;
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
          ProgramRun.of(
                  program,
                  EngineOptions.DEFAULT.withOptimise(false).withBlockLimit(1).withChaining(false))
              .state();
      for (EngineOptions way : WAYS) {
        assertEquals(expected, ProgramRun.of(program, way).state(), "seed " + seed + ", " + way);
      }
      Pass left = Pass.values()[Math.floorMod(seed, Pass.values().length)];
      EngineOptions without =
          EngineOptions.DEFAULT
              .withPasses(EnumSet.complementOf(EnumSet.of(left)))
              .withRegions(EngineOptions.Regions.ALWAYS);
      assertEquals(
          expected, ProgramRun.of(program, without).state(), "seed " + seed + ", " + without);
    }
  }
}
