package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.ExitReason;
import dev.isomorph.hostbackend.lower.RegisterFile;

/** Finds the translation that a hart goes on with, or has it made; for who has the turn. */
final class BlockFinder {
  /**
   * Of so many blocks that are found to be another's, one is replaced. Harts that share the first
   * page of an instruction but not the second would otherwise take the block from each other each
   * time; and what is no one's any more must go some time.
   */
  private static final int PATIENCE = 64;

  private final GuestSpace space;
  private final CodeCache cache;
  private final Translator translator;
  private final RegionTranslator regions;
  private final EngineOptions options;
  private final EngineStats stats;

  private int others;

  BlockFinder(
      GuestSpace space,
      CodeCache cache,
      Translator translator,
      RegionTranslator regions,
      EngineOptions options,
      EngineStats stats) {
    this.space = space;
    this.cache = cache;
    this.translator = translator;
    this.regions = regions;
    this.options = options;
    this.stats = stats;
  }

  /**
   * The translation of the code at the hart's pc, or null if there is none to be had: nothing can
   * be fetched there, or an instruction in two pages is better evaluated.
   *
   * @param reason why emitted code has been left to get there; null if it was not
   */
  TranslatedBlock next(Hart hart, ExitReason reason) {
    if (reason == ExitReason.LINK) {
      return follow(hart);
    }
    return reason == ExitReason.LOOKUP ? lookUp(hart) : find(hart);
  }

  private TranslatedBlock find(Hart hart) {
    int mode = space.mode(hart);
    if (mode == GuestSpace.NO_MODE) {
      return null;
    }
    TranslatedBlock block = cache.find(hart.pc(), mode);
    if (block != null && !space.isWhole(hart, block)) {
      if (!isWatched() && ++others % PATIENCE != 0) {
        return null;
      }
      cache.remove(block);
      block = null;
    }
    if (block == null) {
      block = reinstated(hart.pc(), mode);
    }
    if (block == null) {
      hart.activity = HartActivity.TRANSLATION;
      block = regions.translate(hart, mode);
      if (block == null) {
        block = translator.translate(hart.pc(), mode);
      }
      if (block == null) {
        MappedCode instruction = space.straddling(hart);
        boolean useful = instruction != null && (isWatched() || space.staysWhole(hart));
        block = useful ? translator.translate(instruction, hart.pc(), mode) : null;
      }
      hart.activity = HartActivity.DISPATCH;
    }
    return block;
  }

  /** Whether somebody is told of all that is executed, who hears of blocks alone. */
  private boolean isWatched() {
    return options.observer() != null;
  }

  /** What was set aside, if guest code still is what it was made from; else null. */
  private TranslatedBlock reinstated(long pc, int mode) {
    TranslatedBlock block = cache.takeAside(pc, mode);
    if (block == null) {
      return null;
    }
    if (!space.isCurrent(block)) {
      stats.invalidated++;
      return null;
    }
    cache.reinstate(block);
    return block;
  }

  private TranslatedBlock follow(Hart hart) {
    long site = hart.state().field(RegisterFile.LINK_SITE);
    TranslatedBlock target = find(hart);
    // Translating, here or on another hart, may have evicted the block that jumps.
    if (target != null && options.chaining() && hart.evictionsSeen == cache.evictions()) {
      stats.links++;
      cache.link(site, target);
    }
    return target;
  }

  private TranslatedBlock lookUp(Hart hart) {
    stats.lookups++;
    TranslatedBlock target = find(hart);
    if (target != null && options.chaining()) {
      hart.state().jumpCache().put(target.pc(), target.entry());
    }
    return target;
  }
}
