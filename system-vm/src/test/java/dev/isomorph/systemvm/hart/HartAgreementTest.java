package dev.isomorph.systemvm.hart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineOptions;
import dev.isomorph.systemvm.device.ManualClock;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs on a hart with an engine, and on the slow one: the same in the end. */
class HartAgreementTest {
  private static final long SEED = Long.getLong("isomorph.hart.seed", 0);
  private static final int PROGRAMS = Integer.getInteger("isomorph.hart.programs", 8);
  private static final long MOST_STEPS = 5_000_000;

  /** Registers whose values do not depend on time. */
  private static final int[] REGISTERS = {
    0x100, 0x104, 0x105, 0x106, 0x10a, 0x140, 0x141, 0x142, 0x143, 0x144, 0x14d, 0x180, 0x300,
    0x30a, 0x341, 0x342, 0x343, 0x344
  };

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 32})
  void agreesWithTheSlowHart(int blockLimit) {
    for (long seed = SEED; seed < SEED + PROGRAMS; seed++) {
      compare(seed, EngineOptions.DEFAULT.withBlockLimit(blockLimit));
    }
  }

  @Test
  void agreesWithTheSlowHartByRegions() {
    long aliases = 0;
    for (long seed = SEED; seed < SEED + PROGRAMS; seed++) {
      aliases += compare(seed, EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.ALWAYS));
    }
    assertTrue(aliases > 4 * PROGRAMS, aliases + " aliases");
  }

  /** Returns how often pages have been given aliases. */
  private static long compare(long seed, EngineOptions options) {
    RandomKernel kernel = new RandomKernel(seed);
    try (Ram slowRam = new Ram(RandomKernel.RAM_BASE, RandomKernel.RAM_SIZE);
        Ram fastRam = new Ram(RandomKernel.RAM_BASE, RandomKernel.RAM_SIZE, true)) {
      kernel.load(slowRam);
      copy(slowRam, fastRam);
      SlowHart slow = new SlowHart(0, new PhysicalBus(slowRam), new ManualClock());
      kernel.begin(slow, slow.state);
      long steps = 0;
      while (slow.pc() != kernel.end()) {
        assertTrue(steps++ < MOST_STEPS, "program " + seed + " does not end");
        slow.step();
      }
      RamFrames frames = new RamFrames(fastRam);
      Engine engine = new Engine(frames, options);
      UntilEnd owner = new UntilEnd(kernel.end());
      SystemHart fast =
          new SystemHart(0, engine, new PhysicalBus(fastRam), frames, new ManualClock(), owner);
      fastRam.onWrite(
          (address, length) ->
              engine.writtenFrames().note((int) (address - RandomKernel.RAM_BASE >>> 12)));
      fast.reset(0);
      kernel.begin(fast.registers(), fast.state());
      fast.run();
      compare("program " + seed, slow, fast);
      for (long address : RandomKernel.results()) {
        assertEquals(
            Long.toHexString(slowRam.getLong(address)),
            Long.toHexString(fastRam.getLong(address)),
            () -> "program " + seed + " at " + Long.toHexString(address));
      }
      engine.close();
      fast.close();
      return engine.stats().aliases();
    }
  }

  private static void copy(Ram from, Ram to) {
    byte[] all = new byte[(int) from.size()];
    from.read(from.base(), all, 0, all.length);
    to.write(to.base(), all, 0, all.length);
  }

  private static void compare(String what, SlowHart slow, SystemHart fast) {
    for (int i = 1; i < 32; i++) {
      assertEquals(slow.x(i), fast.registers().x(i), what + " x" + i);
      assertEquals(slow.f(i), fast.f(i), what + " f" + i);
    }
    assertEquals(slow.fcsr(), fast.registers().fcsr(), what + " fcsr");
    for (int number : REGISTERS) {
      assertEquals(
          slow.state.readAsMachine(number),
          fast.state().readAsMachine(number),
          what + " " + Integer.toHexString(number));
    }
  }
}
