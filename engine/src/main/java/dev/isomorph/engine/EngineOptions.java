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
 * @param regions when code is compiled as regions
 * @param counting whether emitted code counts the instructions it executes; a few times slower
 * @param translations where translations of blocks are kept, for the usual other options; may be
 *     null
 * @param observer told of translations and, without chaining, executions; may be null
 */
public record EngineOptions(
    int codeCacheBytes,
    boolean optimise,
    int blockLimit,
    boolean chaining,
    boolean translate,
    Regions regions,
    boolean counting,
    TranslationStore translations,
    EngineObserver observer) {
  /** When code is compiled as regions. Without chaining it never is. */
  public enum Regions {
    NEVER,
    /** When samples show that they are hot. */
    HOT,
    /** At the first occasion, so that all is tried. */
    AT_ONCE,
    /** Not only loops: wherever code is entered, as much as can be reached from there. */
    ALWAYS
  }

  /** What serves best, but for regions, which depend on time. */
  public static final EngineOptions DEFAULT =
      new EngineOptions(
          ExecutableMemory.DEFAULT_SIZE,
          true,
          BlockLifter.DEFAULT_LIMIT,
          true,
          true,
          Regions.NEVER,
          false,
          null,
          null);

  public EngineOptions withCodeCache(int bytes) {
    return new EngineOptions(
        bytes,
        optimise,
        blockLimit,
        chaining,
        translate,
        regions,
        counting,
        translations,
        observer);
  }

  public EngineOptions withOptimise(boolean on) {
    return new EngineOptions(
        codeCacheBytes,
        on,
        blockLimit,
        chaining,
        translate,
        regions,
        counting,
        translations,
        observer);
  }

  public EngineOptions withBlockLimit(int limit) {
    return new EngineOptions(
        codeCacheBytes,
        optimise,
        limit,
        chaining,
        translate,
        regions,
        counting,
        translations,
        observer);
  }

  public EngineOptions withChaining(boolean on) {
    return new EngineOptions(
        codeCacheBytes,
        optimise,
        blockLimit,
        on,
        translate,
        regions,
        counting,
        translations,
        observer);
  }

  public EngineOptions withTranslation(boolean on) {
    return new EngineOptions(
        codeCacheBytes,
        optimise,
        blockLimit,
        chaining,
        on,
        regions,
        counting,
        translations,
        observer);
  }

  public EngineOptions withRegions(Regions when) {
    return new EngineOptions(
        codeCacheBytes,
        optimise,
        blockLimit,
        chaining,
        translate,
        when,
        counting,
        translations,
        observer);
  }

  public EngineOptions withCounting(boolean on) {
    return new EngineOptions(
        codeCacheBytes,
        optimise,
        blockLimit,
        chaining,
        translate,
        regions,
        on,
        translations,
        observer);
  }

  public EngineOptions withTranslations(TranslationStore in) {
    return new EngineOptions(
        codeCacheBytes, optimise, blockLimit, chaining, translate, regions, counting, in, observer);
  }

  /** Whether translations are kept: those that are made with these options are as any other's. */
  boolean keepsTranslations() {
    return translations != null
        && optimise
        && chaining
        && blockLimit == BlockLifter.DEFAULT_LIMIT
        && !counting
        && observer == null;
  }

  public EngineOptions withObserver(EngineObserver by) {
    return new EngineOptions(
        codeCacheBytes,
        optimise,
        blockLimit,
        chaining,
        translate,
        regions,
        counting,
        translations,
        by);
  }
}
