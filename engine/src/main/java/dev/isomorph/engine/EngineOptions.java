package dev.isomorph.engine;

import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.translator.lift.BlockLifter;

/**
 * How an engine works.
 *
 * @param codeCacheBytes size of the code cache
 * @param optimise whether the IR is optimised
 * @param blockLimit guest instructions in a block, at most
 * @param chaining whether blocks jump to each other; without, every block comes back to the
 *     dispatcher
 * @param observer told of translations and, without chaining, executions; may be null
 */
public record EngineOptions(
    int codeCacheBytes,
    boolean optimise,
    int blockLimit,
    boolean chaining,
    EngineObserver observer) {
  /** What serves best. */
  public static final EngineOptions DEFAULT =
      new EngineOptions(ExecutableMemory.DEFAULT_SIZE, true, BlockLifter.DEFAULT_LIMIT, true, null);

  public EngineOptions withCodeCache(int bytes) {
    return new EngineOptions(bytes, optimise, blockLimit, chaining, observer);
  }

  public EngineOptions withOptimise(boolean on) {
    return new EngineOptions(codeCacheBytes, on, blockLimit, chaining, observer);
  }

  public EngineOptions withBlockLimit(int limit) {
    return new EngineOptions(codeCacheBytes, optimise, limit, chaining, observer);
  }

  public EngineOptions withChaining(boolean on) {
    return new EngineOptions(codeCacheBytes, optimise, blockLimit, on, observer);
  }

  public EngineOptions withObserver(EngineObserver by) {
    return new EngineOptions(codeCacheBytes, optimise, blockLimit, chaining, by);
  }
}
