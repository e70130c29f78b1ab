package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.ExitReason;
import dev.isomorph.hostbackend.lower.RegisterFile;

/** Finds the translation that a hart goes on with, or has it made; for who has the turn. */
final class BlockFinder {
  private final GuestSpace space;
  private final CodeCache cache;
  private final Translator translator;
  private final RegionTranslator regions;
  private final EngineOptions options;
  private final EngineStats stats;

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
   * The translation of the code at the hart's pc, or null if nothing can be fetched there.
   *
   * @param reason why emitted code has been left to get there; null if it was not
   */
  TranslatedBlock next(Hart hart, ExitReason reason) {
    if (reason == ExitReason.LINK) {
      return follow(hart);
    }
    return reason == ExitReason.LOOKUP ? lookUp(hart) : find(hart);
  }

  /** The translation of the code at the hart's pc, or null if nothing can be fetched there. */
  private TranslatedBlock find(Hart hart) {
    int mode = space.mode(hart);
    if (mode == GuestSpace.NO_MODE) {
      return null;
    }
    TranslatedBlock block = cache.find(hart.pc(), mode);
    if (block != null && !space.isWhole(hart, block)) {
      cache.remove(block);
      block = null;
    }
    if (block == null) {
      hart.activity = HartActivity.TRANSLATION;
      block = regions.translate(hart, mode);
      if (block == null) {
        block = translator.translate(hart.pc(), mode);
      }
      if (block == null) {
        MappedCode instruction = space.straddling(hart);
        block = instruction == null ? null : translator.translate(instruction, hart.pc(), mode);
      }
      hart.activity = HartActivity.DISPATCH;
    }
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
