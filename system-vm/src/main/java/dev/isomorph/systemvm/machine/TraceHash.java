package dev.isomorph.systemvm.machine;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.EngineObserver;
import dev.isomorph.engine.Hart;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A hash of all that a deterministic machine executes, cheap enough for a whole boot: it takes up
 * the address of each block that is entered, how many instructions the hart has executed before,
 * and all its registers then. So two executions that have the same hash have the same commit log,
 * but for what is overwritten within a block and never stored.
 */
public final class TraceHash implements EngineObserver {
  private static final int REGISTERS = 32;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  /** An odd factor for each place, so that no two values can be exchanged. */
  private static final long[] FACTORS = factors();

  private long hash;
  private long blocks;

  /** For an engine that counts instructions. */
  public TraceHash() {}

  private static long[] factors() {
    RandomGenerator source = RandomGeneratorFactory.of("SplittableRandom").create(SPREAD);
    long[] factors = new long[2 * REGISTERS + 2];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = source.nextLong() | 1;
    }
    return factors;
  }

  @Override
  public void entering(Hart hart, TranslatedBlock block) {
    blocks++;
    long sum = block.pc() * FACTORS[2 * REGISTERS] + hart.executed() * FACTORS[2 * REGISTERS + 1];
    for (int i = 1; i < REGISTERS; i++) {
      sum += hart.x(i) * FACTORS[i];
    }
    for (int i = 0; i < REGISTERS; i++) {
      sum += hart.f(i) * FACTORS[REGISTERS + i];
    }
    long mixed = (hash ^ sum) * SPREAD;
    hash = mixed ^ mixed >>> 29;
  }

  /** The hash of what has been executed so far. */
  public long value() {
    return hash;
  }

  /** Blocks that have been entered. */
  public long blocks() {
    return blocks;
  }
}
