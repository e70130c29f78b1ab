package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.BlockCompiler;
import dev.isomorph.hostbackend.lower.RegionCompiler;
import dev.isomorph.hostbackend.lower.RegionSlots;
import dev.isomorph.hostbackend.lower.RegisterFile;
import dev.isomorph.hostbackend.region.RegionWriter;
import dev.isomorph.translator.lift.Loop;
import dev.isomorph.translator.lift.LoopFinder;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.RegionOptimizer;
import dev.isomorph.translator.region.RegionBuilder;
import dev.isomorph.translator.region.RegionGraph;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes translations of hot loops as a whole. Where guest code is found at its polls tells which
 * ones are hot; a loop that stays hot in spite of its translation gets the loop around it one, too.
 */
final class RegionTranslator {
  /** Samples that make an address hot, and those for each further loop around it. */
  private static final int HOT = 2;

  private static final int STILL_HOT = 16;

  /** How long a stay in a region lasts at least to be worth it, in nanoseconds. */
  private static final int LEAST_STAY = 150;

  /** Addresses whose samples are kept; beyond that all are forgotten. */
  private static final int MOST_PLACES = 4096;

  private final CodeCache cache;
  private final BlockCompiler blocks;
  private final RegionCompiler compiler;
  private final EngineOptions options;
  private final EngineStats stats;
  private final GuestCode code;
  private final Optimizer optimizer = new Optimizer();
  private final Map<Long, Place> places = new HashMap<>();

  /** The loops that have had a translation, by head and size. */
  private final Set<Long> tried = new HashSet<>();

  private final Trial[] trials = new Trial[RegisterFile.ENTRY_COUNTERS];
  private int nextTrial;
  private long judgedAt = System.nanoTime();

  /** A guest address at which code was found running. */
  private static final class Place {
    int samples;

    /** How many loops around it have been seen to. */
    int level;

    /** Whether all have been. */
    boolean done;
  }

  RegionTranslator(
      GuestMemory memory,
      CodeCache cache,
      BlockCompiler blocks,
      EngineOptions options,
      EngineStats stats) {
    this.cache = cache;
    this.blocks = blocks;
    this.compiler = new RegionCompiler(blocks);
    this.options = options;
    this.stats = stats;
    this.code = new GuestCode(memory);
  }

  /** Whether there will be any. */
  boolean isActive() {
    return options.regions() != EngineOptions.Regions.NEVER
        && options.chaining()
        && options.optimise()
        // Who looks at code wants to see blocks.
        && (options.observer() == null || options.regions() == EngineOptions.Regions.AT_ONCE);
  }

  /** A region that is not as good as it may be. */
  private static final class Trial {
    final TranslatedBlock region;
    final Place place;
    int entries;

    Trial(TranslatedBlock region, Place place) {
      this.region = region;
      this.place = place;
    }
  }

  /** Guest code was found at the hart's pc; called within a turn. */
  void sample(Hart hart, int mode) {
    if (!isActive() || mode != 0) {
      return;
    }
    judge(hart);
    long pc = hart.pc();
    if (places.size() > MOST_PLACES) {
      places.clear();
    }
    Place place = places.computeIfAbsent(pc, p -> new Place());
    int threshold = place.level == 0 ? HOT : STILL_HOT;
    if (place.done) {
      return;
    }
    if (++place.samples < threshold && options.regions() == EngineOptions.Regions.HOT) {
      return;
    }
    place.samples = 0;
    translateAround(pc, place, mode);
  }

  /**
   * Drops regions that are entered so often that moving registers at their edges costs more than it
   * brings inside: loops that are short, or mostly left in the middle.
   */
  private void judge(Hart hart) {
    long now = System.nanoTime();
    long most = (now - judgedAt) / LEAST_STAY;
    judgedAt = now;
    for (int i = 0; i < trials.length; i++) {
      Trial trial = trials[i];
      if (trial == null) {
        continue;
      }
      int entries = HostMemory.getInt(hart.state().address(RegisterFile.entries(i)));
      int since = entries - trial.entries;
      trial.entries = entries;
      if (since > most && trial.region.isLive()) {
        cache.remove(trial.region);
        trials[i] = null;
        stats.regionsDropped++;
        // The loop around it may do better.
        trial.place.samples = STILL_HOT;
      }
    }
  }

  /** Translates the next loop outwards that has no translation of its own. */
  private void translateAround(long pc, Place place, int mode) {
    code.refresh();
    List<Loop> loops = LoopFinder.around(code, pc);
    if (place.level < loops.size()) {
      Loop loop = loops.get(place.level);
      place.level++;
      if (tried.add(loop.head() << 10 | loop.instructionCount())) {
        translate(loop, place, mode);
      }
    } else {
      place.done = true;
    }
  }

  private void translate(Loop loop, Place place, int mode) {
    long start = System.nanoTime();
    RegionGraph graph = RegionBuilder.build(loop, RegionSlots.fixed(), optimizer);
    if (graph != null) {
      RegionOptimizer.optimise(graph);
      RegionWriter.Result region = RegionWriter.write(graph);
      int counter = nextTrial;
      compiler.compile(region.blocks(), cache.reserve(), counter);
      if (blocks.codeLength() <= CodeCache.MAX_BLOCK) {
        TranslatedBlock block =
            cache.install(
                graph.code(),
                loop.head(),
                mode,
                blocks.code(),
                blocks.codeLength(),
                blocks.faultMap(),
                region.states());
        trials[counter] = new Trial(block, place);
        nextTrial = (counter + 1) % trials.length;
        stats.regions++;
      }
    }
    stats.nanoseconds += System.nanoTime() - start;
  }
}
