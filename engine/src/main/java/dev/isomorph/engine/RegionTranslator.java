package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.engine.HotPlaces.Place;
import dev.isomorph.hostbackend.lower.BlockCompiler;
import dev.isomorph.hostbackend.lower.GuestStates;
import dev.isomorph.hostbackend.lower.RegionCompiler;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.Entrance;
import dev.isomorph.translator.lift.RegionFinder;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.Pass;
import dev.isomorph.translator.region.RegionBuilder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes translations of hot loops as a whole. Where guest code is found at its polls tells which
 * ones are hot; a loop that stays hot in spite of its translation gets the loop around it one, too.
 * While there are breakpoints, at which translations must end, there are no new ones.
 *
 * <p>All methods but {@link #isActive} are for who has the turn.
 */
final class RegionTranslator implements Reviver.Regions {
  private final CodeCache cache;
  private final BlockCompiler blocks;
  private final RegionCompiler compiler;
  private final EngineOptions options;
  private final EngineStats stats;
  private final GuestSpace space;
  private final Rendezvous rendezvous;
  private final Breakpoints breakpoints;
  private final RegionTrials trials;
  private final HotPlaces places;
  private final LiveLoops live = new LiveLoops();
  private final Looks looks;

  /** Null if translations are not kept. */
  private final Reviver reviver;

  /** The loops that have had a translation, by first address and shape. */
  private final Set<Long> tried = new HashSet<>();

  /** Those that have been given up in an earlier run. */
  private final Set<Long> refused = new HashSet<>();

  /** Those that have been given up and are to be tried with any values. */
  private final Set<Long> unchecked = new HashSet<>();

  /** Those that are entered often: that was found when they were given up. */
  private final Set<Long> busy = new HashSet<>();

  /** Those that have been given up since they have gone where pages have no aliases. */
  private final Set<Long> astray = new HashSet<>();

  private boolean closed;

  RegionTranslator(
      GuestSpace space,
      CodeCache cache,
      BlockCompiler blocks,
      EngineOptions options,
      EngineStats stats,
      Rendezvous rendezvous,
      Breakpoints breakpoints,
      Reviver reviver) {
    this.cache = cache;
    this.blocks = blocks;
    this.compiler = new RegionCompiler(blocks);
    this.options = options;
    this.stats = stats;
    this.rendezvous = rendezvous;
    this.breakpoints = breakpoints;
    this.space = space;
    this.trials = new RegionTrials(cache, stats);
    boolean atOnce = options.regions() != EngineOptions.Regions.HOT;
    this.places = new HotPlaces(atOnce);
    this.looks = new Looks(atOnce);
    // What is not around a loop is not kept: it depends on where it was entered first.
    boolean keeps = isActive() && options.regions() != EngineOptions.Regions.ALWAYS;
    this.reviver = keeps ? reviver : null;
    if (this.reviver != null) {
      reviver.reviveRegions(this);
    }
  }

  /** Whether there will be any. */
  boolean isActive() {
    return options.regions() != EngineOptions.Regions.NEVER
        && options.chaining()
        && options.optimise()
        && (options.observer() == null
            || options.observer().allowsRegions()
            || options.regions() != EngineOptions.Regions.HOT);
  }

  /**
   * Translates all that can be reached from a hart's pc, if that is how guest code is run.
   *
   * @return null if a block has to do
   */
  TranslatedBlock translate(Hart hart, int mode) {
    if (!isActive()
        || !breakpoints.isEmpty()
        || options.regions() != EngineOptions.Regions.ALWAYS) {
      return null;
    }
    MappedCode code = space.recent(hart);
    code.refresh();
    boolean followsCalls = options.passes().contains(Pass.CALLS);
    RegionOutline found = RegionFinder.from(seen(code), hart.pc(), followsCalls);
    if (found == null) {
      return null;
    }
    Place place = new Place(hart.pc());
    place.registers.add(hart);
    RegionOutline outline = found.supposing(place.registers.suppositions());
    return finish(compile(outline, mode), outline, code, mode, place);
  }

  /** Guest code was found at the hart's pc. */
  void sample(Hart hart, int mode) {
    if (!isActive() || !breakpoints.isEmpty() || mode == GuestSpace.NO_MODE) {
      return;
    }
    trials.judge(hart);
    if (places.areMany()) {
      places.clear();
      tried.clear();
      refused.clear();
      unchecked.clear();
      busy.clear();
      astray.clear();
    }
    Place place = places.sample(hart, mode);
    if (place == null) {
      return;
    }
    if (place.level < live.around(place.pc, mode)) {
      place.level++;
      return;
    }
    translateAround(hart, place, mode);
  }

  /** A region has faulted where it expected a page's alias. */
  void strayed(Hart hart, TranslatedBlock region) {
    trials.strayed(hart, region);
  }

  /** What somebody wants to see of code before it becomes a region. */
  Looks looks() {
    return looks;
  }

  /** There will be no more. */
  void close() {
    closed = true;
  }

  /** Translates the next loop outwards that has no translation of its own. */
  private void translateAround(Hart hart, Place place, int mode) {
    MappedCode code = space.recent(hart);
    if (options.regions() == EngineOptions.Regions.HOT) {
      // Finding loops takes milliseconds, too, as long as the JVM has not compiled its code.
      place.isBusy = true;
      BackgroundCompiler.submit(() -> compileAround(hart, code, place, mode));
      return;
    }
    if (awaitsCalls(hart, code, place, mode)) {
      return;
    }
    RegionOutline loop = nextAround(code, place, mode);
    if (loop != null) {
      LoopOutcome outcome = compile(loop, mode);
      finish(outcome, loop, code, mode, place);
    }
  }

  private LoopOutcome compile(RegionOutline outline, int mode) {
    Set<Pass> passes = options.passes();
    return CompiledRegion.of(
        outline,
        space.translation(mode),
        astray.contains(key(outline, mode)) ? Pass.without(passes, Pass.ALIASES) : passes);
  }

  /** As {@link #translateAround}, for the thread that does not have the turn. */
  private void compileAround(Hart hart, MappedCode code, Place place, int mode) {
    RegionOutline loop = null;
    rendezvous.takeTurn();
    try {
      if (!closed && !awaitsCalls(hart, code, place, mode)) {
        loop = lookedAt(nextAround(code, place, mode), hart, place, mode);
      }
    } finally {
      place.isBusy = false;
      rendezvous.endTurn();
    }
    if (loop == null) {
      return;
    }
    long start = System.nanoTime();
    LoopOutcome outcome = compile(loop, mode);
    long spent = System.nanoTime() - start;
    rendezvous.takeTurn();
    try {
      stats.backgroundNanoseconds += spent;
      if (closed) {
        return;
      }
      if (breakpoints.isEmpty() && isStill(loop, code)) {
        finish(outcome, loop, code, mode, place);
      } else {
        refused(loop.pc(), RegionRefusal.CODE_CHANGED);
        place.level--;
        tried.remove(key(loop, mode));
      }
    } finally {
      rendezvous.endTurn();
    }
  }

  /** Whether it is to be seen first where indirect calls lead; soon the place is come back to. */
  private boolean awaitsCalls(Hart hart, MappedCode code, Place place, int mode) {
    if (!options.passes().contains(Pass.CALLS) || space.translation(mode).isMachine()) {
      return false;
    }
    code.refresh();
    try {
      boolean awaits = looks.calls().want(RegionFinder.indirectCalls(seen(code), place.pc), hart);
      if (awaits) {
        place.comeBackSoon();
      }
      return awaits;
    } catch (InternalError gone) {
      return false; // The file it was mapped from has become shorter.
    }
  }

  /**
   * A loop with what is known of the branches that could become selections; null if that is to be
   * seen first. Soon the place is come back to.
   */
  private RegionOutline lookedAt(RegionOutline loop, Hart hart, Place place, int mode) {
    if (loop == null || space.translation(mode).isMachine()) {
      return loop;
    }
    Set<Long> choices = RegionBuilder.selected(loop, space.translation(mode), options.passes());
    if (!looks.branches().want(choices, hart)) {
      return loop.withSteady(looks.branches().steady(choices));
    }
    place.comeBackSoon();
    place.level--;
    tried.remove(key(loop, mode));
    return null;
  }

  /** Whether guest code still has a loop as it was. */
  private static boolean isStill(RegionOutline loop, MappedCode code) {
    code.refresh();
    try {
      return loop.isStillIn(code);
    } catch (InternalError gone) {
      return false; // The file it was mapped from has become shorter.
    }
  }

  /**
   * Given up, the loop around a region may do better: it is as hot. Or the same one, if by now its
   * indirect jumps and calls have been seen to lead elsewhere, too. Or if it was perhaps not
   * entered because a register had something else than was relied on. Or if it costs less to enter
   * and to leave it.
   */
  private void givenUp(
      TranslatedBlock region, RegionTraits traits, int mode, Place place, boolean strayed) {
    place.comeBackSoon();
    long key = key(traits, mode);
    boolean isUnchecked = traits.checksValues() && unchecked.add(key);
    boolean isAstray = strayed && astray.add(key);
    boolean isBusy = !isUnchecked && !isAstray && !traits.isBusy() && busy.add(key);
    boolean again = isUnchecked || isAstray || isBusy;
    if (again) {
      tried.remove(key);
    }
    if (again || traits.hasChoices()) {
      place.done = false;
      place.level--;
    }
    looks.calls().forget(traits.indirectCalls());
    if (reviver != null && (isUnchecked || isBusy)) {
      reviver.forget(region, mode);
    } else if (reviver != null) {
      reviver.refuse(region, traits, mode);
    }
    refused(region.pc(), RegionRefusal.GIVEN_UP);
  }

  /** The next loop outwards that has no translation of its own; null if there is none. */
  private RegionOutline nextAround(MappedCode code, Place place, int mode) {
    List<RegionOutline> loops = around(code, place.pc);
    if (!loops.isEmpty() && loops.getFirst().isFunction()) {
      if (isLater(loops, mode, place)) {
        return null;
      }
      place.level++;
      place.done = !tried.add(key(loops.getFirst(), mode));
      return place.done ? null : loops.getFirst();
    }
    if (place.level >= loops.size()) {
      place.done = !isLater(loops, mode, place);
      if (loops.isEmpty()) {
        refused(place.pc, RegionRefusal.NO_LOOP);
      }
      return null;
    }
    RegionOutline loop = loops.get(place.level);
    if (!places.isWorth(loop, mode)) {
      return null;
    }
    place.level++;
    if (refused.contains(key(loop, mode))) {
      return null;
    }
    if (!tried.add(key(loop, mode))) {
      return null;
    }
    if (busy.contains(key(loop, mode))) {
      return loop.entered(Entrance.BUSY);
    }
    return unchecked.contains(key(loop, mode))
        ? loop.entered(Entrance.OPEN)
        : loop.supposing(place.registers.suppositions());
  }

  /** Whether there are loops that were given up in an earlier run; they get another chance. */
  private boolean isLater(List<RegionOutline> loops, int mode, Place place) {
    boolean found = false;
    for (RegionOutline loop : loops) {
      found |= refused.remove(key(loop, mode));
    }
    if (found) {
      place.startAgainLate();
    }
    return found;
  }

  private static long key(RegionOutline loop, int mode) {
    return key(loop.nodes().getFirst().pc(), loop.shape(), mode);
  }

  private static long key(RegionTraits loop, int mode) {
    return key(loop.first(), loop.shape(), mode);
  }

  private static long key(long first, int shape, int mode) {
    return HotPlaces.key(first, mode) ^ (long) shape << Integer.SIZE;
  }

  private CodeSource seen(MappedCode code) {
    return new ObservedCode(code, rendezvous, looks.calls());
  }

  /** The loops an address is in, or the recursive function that starts there. */
  private List<RegionOutline> around(MappedCode code, long pc) {
    code.refresh();
    boolean followsCalls = options.passes().contains(Pass.CALLS);
    try {
      RegionOutline function = followsCalls ? RegionFinder.recursionAt(code, pc) : null;
      return function != null
          ? List.of(function)
          : RegionFinder.loopsAround(seen(code), pc, followsCalls);
    } catch (InternalError gone) {
      return List.of(); // The file it was mapped from has become shorter.
    }
  }

  /** Returns what has been installed, null if nothing. */
  private TranslatedBlock finish(
      LoopOutcome outcome, RegionOutline outline, MappedCode code, int mode, Place place) {
    // A switch over types would be linked at run time, which takes as long as a region.
    return outcome instanceof CompiledRegion region
        ? install(region, outline, code, mode, place)
        : refused(outline.pc(), (RegionRefusal) outcome);
  }

  private TranslatedBlock install(
      CompiledRegion region, RegionOutline outline, MappedCode code, int mode, Place place) {
    long start = System.nanoTime();
    int counter = trials.nextCounter();
    long origin = cache.reserve();
    compiler.compile(region.code().blocks(), origin, counter);
    TranslatedBlock installed = null;
    if (blocks.codeLength() > CodeCache.MAX_BLOCK) {
      refused(outline.pc(), RegionRefusal.TOO_LONG);
    } else {
      RegionTraits traits = RegionTraits.of(outline, region);
      if (reviver != null) {
        reviver.keep(region, traits, mode, blocks, compiler.fields(), origin);
      }
      installed =
          cache.install(
              region.source().pcs(),
              region.source().encodings(),
              region.entry(),
              space.mode(mode, code.pages(), region.entry()),
              code.pages(),
              blocks.code(),
              blocks.entry(),
              blocks.codeLength(),
              blocks.faultMap(),
              GuestStates.of(region.code().states()));
      watch(installed, traits, mode, place);
      stats.regions++;
      if (options.observer() != null) {
        options.observer().regionTranslated(outline, counter, installed, blocks.code());
      }
    }
    stats.nanoseconds += System.nanoTime() - start;
    return installed;
  }

  /**
   * Gives a region its trial.
   *
   * @param mode of the code in which it was found
   */
  private void watch(TranslatedBlock region, RegionTraits traits, int mode, Place place) {
    trials.add(region, traits.isBusy(), new Trial(region, traits, mode, place));
    if (!traits.hasCopies()) {
      live.add(region, mode);
    }
  }

  /** No lambda: a program may begin with regions that were kept. */
  private final class Trial implements RegionTrials.End {
    private final TranslatedBlock region;
    private final RegionTraits traits;
    private final int mode;
    private final Place place;

    Trial(TranslatedBlock region, RegionTraits traits, int mode, Place place) {
      this.region = region;
      this.traits = traits;
      this.mode = mode;
      this.place = place;
    }

    @Override
    public void givenUp(boolean astray) {
      RegionTranslator.this.givenUp(region, traits, mode, place, astray);
    }
  }

  @Override
  public int nextCounter() {
    return trials.nextCounter();
  }

  @Override
  public void revived(TranslatedBlock region, RegionTraits traits) {
    int mode = region.mode();
    Place place = places.at(region.pc(), mode);
    place.level = Math.max(place.level, 1);
    tried.add(key(traits, mode));
    watch(region, traits, mode, place);
  }

  @Override
  public void refused(int mode, RegionTraits traits) {
    refused.add(key(traits, mode));
  }

  private TranslatedBlock refused(long pc, RegionRefusal reason) {
    if (options.observer() != null) {
      options.observer().regionRefused(pc, reason);
    }
    return null;
  }
}
