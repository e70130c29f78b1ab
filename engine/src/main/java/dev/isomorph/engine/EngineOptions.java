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
 * @param translate whether guest code is translated; without, the evaluator runs all of it
 * @param observer told of translations and, without chaining, executions; may be null
 */
public record EngineOptions(
    int codeCacheBytes,
    boolean optimise,
    int blockLimit,
    boolean chaining,
    boolean translate,
    EngineObserver observer) {
  /** What serves best. */
  public static final EngineOptions DEFAULT =
      new EngineOptions(
          ExecutableMemory.DEFAULT_SIZE, true, BlockLifter.DEFAULT_LIMIT, true, true, null);

  public EngineOptions withCodeCache(int bytes) {
    return new EngineOptions(bytes, optimise, blockLimit, chaining, translate, observer);
  }

  public EngineOptions withOptimise(boolean on) {
    return new EngineOptions(codeCacheBytes, on, blockLimit, chaining, translate, observer);
  }

  public EngineOptions withBlockLimit(int limit) {
    return new EngineOptions(codeCacheBytes, optimise, limit, chaining, translate, observer);
  }

  public EngineOptions withChaining(boolean on) {
    return new EngineOptions(codeCacheBytes, optimise, blockLimit, on, translate, observer);
  }

  public EngineOptions withTranslation(boolean on) {
    return new EngineOptions(codeCacheBytes, optimise, blockLimit, chaining, on, observer);
  }

  public EngineOptions withObserver(EngineObserver by) {
    return new EngineOptions(codeCacheBytes, optimise, blockLimit, chaining, translate, by);
  }
}
