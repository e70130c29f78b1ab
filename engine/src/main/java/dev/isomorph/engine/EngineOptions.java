package dev.isomorph.engine;

import dev.isomorph.hostbackend.CpuFeatures.Feature;
import dev.isomorph.hostbackend.ExecutableMemory;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.opt.Pass;
import java.util.Set;

/**
 * How an engine works.
 *
 * @param codeCacheBytes size of the code cache
 * @param optimise whether the IR is optimised
 * @param passes what the optimiser does
 * @param blockLimit guest instructions in a block, at most
 * @param chaining whether blocks jump to each other; without, every block comes back to the
 *     dispatcher
 * @param translate whether guest code is translated; without, the evaluator runs all of it
 * @param evaluateFirst whether the evaluator runs what is met for the first time, for the usual
 *     other options; not where code has been made beforehand, unless there is very much
 * @param quickFrom how many blocks are translated well at once, none where code has been made
 *     beforehand; those that follow are put together quickly, and translated well when they have
 *     been executed often, for the usual other options
 * @param regions when code is compiled as regions
 * @param absentFeatures what emitted code does without though the processor has it
 * @param counting whether emitted code counts the instructions it executes; a few times slower
 * @param exact whether the dispatcher counts the instructions each hart executes, and stops it
 *     after as many as are wanted; then blocks end at branches and never jump to each other
 * @param translations where translations are kept, for the usual other options; may be null
 * @param observer told of translations and, without chaining, executions; may be null
 */
public record EngineOptions(
    int codeCacheBytes,
    boolean optimise,
    Set<Pass> passes,
    int blockLimit,
    boolean chaining,
    boolean translate,
    boolean evaluateFirst,
    int quickFrom,
    Regions regions,
    Set<Feature> absentFeatures,
    boolean counting,
    boolean exact,
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

  /** Counted are the instructions that the guest executes: none that is only selected away. */
  public EngineOptions {
    if (counting) {
      passes = Pass.without(Pass.without(passes, Pass.SELECTS), Pass.DIAMONDS);
      passes = Pass.without(passes, Pass.TWINS);
    }
    chaining &= !exact;
  }

  /** All blocks are translated well at once. */
  public static final int NEVER_QUICK = Integer.MAX_VALUE;

  /**
   * What suits programs: as long as most instructions are new ones, to compile each alone is more
   * work, which the translator has to be warm for, too.
   */
  public static final int USUAL_QUICK = 512;

  /** What serves best, but for regions, which depend on time. */
  public static final EngineOptions DEFAULT =
      new EngineOptions(
          ExecutableMemory.DEFAULT_SIZE,
          true,
          Pass.ALL,
          BlockLifter.DEFAULT_LIMIT,
          true,
          true,
          false,
          NEVER_QUICK,
          Regions.NEVER,
          Set.of(),
          false,
          false,
          null,
          null);

  /** Options on their way to be others. */
  private static final class Draft {
    int codeCacheBytes;
    boolean optimise;
    Set<Pass> passes;
    int blockLimit;
    boolean chaining;
    boolean translate;
    boolean evaluateFirst;
    int quickFrom;
    Regions regions;
    Set<Feature> absentFeatures;
    boolean counting;
    boolean exact;
    TranslationStore translations;
    EngineObserver observer;

    Draft(EngineOptions from) {
      codeCacheBytes = from.codeCacheBytes;
      optimise = from.optimise;
      passes = from.passes;
      blockLimit = from.blockLimit;
      chaining = from.chaining;
      translate = from.translate;
      evaluateFirst = from.evaluateFirst;
      quickFrom = from.quickFrom;
      regions = from.regions;
      absentFeatures = from.absentFeatures;
      counting = from.counting;
      exact = from.exact;
      translations = from.translations;
      observer = from.observer;
    }

    EngineOptions done() {
      return new EngineOptions(
          codeCacheBytes,
          optimise,
          passes,
          blockLimit,
          chaining,
          translate,
          evaluateFirst,
          quickFrom,
          regions,
          absentFeatures,
          counting,
          exact,
          translations,
          observer);
    }
  }

  public EngineOptions withCodeCache(int bytes) {
    Draft draft = new Draft(this);
    draft.codeCacheBytes = bytes;
    return draft.done();
  }

  public EngineOptions withOptimise(boolean on) {
    Draft draft = new Draft(this);
    draft.optimise = on;
    return draft.done();
  }

  public EngineOptions withPasses(Set<Pass> some) {
    Draft draft = new Draft(this);
    draft.passes = some;
    return draft.done();
  }

  /** As these, but for one pass. */
  public EngineOptions without(Pass pass) {
    return withPasses(Pass.without(passes, pass));
  }

  public EngineOptions withBlockLimit(int limit) {
    Draft draft = new Draft(this);
    draft.blockLimit = limit;
    return draft.done();
  }

  public EngineOptions withChaining(boolean on) {
    Draft draft = new Draft(this);
    draft.chaining = on;
    return draft.done();
  }

  public EngineOptions withTranslation(boolean on) {
    Draft draft = new Draft(this);
    draft.translate = on;
    return draft.done();
  }

  public EngineOptions withEvaluateFirst(boolean on) {
    Draft draft = new Draft(this);
    draft.evaluateFirst = on;
    return draft.done();
  }

  public EngineOptions withQuickFrom(int blocks) {
    Draft draft = new Draft(this);
    draft.quickFrom = blocks;
    return draft.done();
  }

  public EngineOptions withRegions(Regions when) {
    Draft draft = new Draft(this);
    draft.regions = when;
    return draft.done();
  }

  public EngineOptions withoutFeatures(Set<Feature> some) {
    Draft draft = new Draft(this);
    draft.absentFeatures = some;
    return draft.done();
  }

  public EngineOptions withCounting(boolean on) {
    Draft draft = new Draft(this);
    draft.counting = on;
    return draft.done();
  }

  public EngineOptions withExact(boolean on) {
    Draft draft = new Draft(this);
    draft.exact = on;
    return draft.done();
  }

  public EngineOptions withTranslations(TranslationStore in) {
    Draft draft = new Draft(this);
    draft.translations = in;
    return draft.done();
  }

  public EngineOptions withObserver(EngineObserver by) {
    Draft draft = new Draft(this);
    draft.observer = by;
    return draft.done();
  }

  /** Whether first runs are the evaluator's: nobody watches what is run, or by what. */
  boolean evaluatesFirst() {
    return evaluateFirst
        && translate
        && chaining
        && !counting
        && observer == null
        && (regions == Regions.NEVER || regions == Regions.HOT);
  }

  /** Whether there is a first tier: nobody watches what is made. */
  boolean isQuick() {
    return quickFrom != NEVER_QUICK
        && translate
        && optimise
        && passes.equals(Pass.ALL)
        && chaining
        && blockLimit == BlockLifter.DEFAULT_LIMIT
        && !counting
        && observer == null
        && (regions == Regions.NEVER || regions == Regions.HOT);
  }

  /** Whether translations are kept: those that are made with these options are as any other's. */
  boolean keepsTranslations() {
    return translations != null
        && optimise
        && passes.equals(Pass.ALL)
        && absentFeatures.isEmpty()
        && chaining
        && blockLimit == BlockLifter.DEFAULT_LIMIT
        && !counting
        && observer == null;
  }
}
