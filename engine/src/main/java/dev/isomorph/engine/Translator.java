package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.BlockCompiler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.opt.Optimizer;

/** Makes translations: lifts, optimises, compiles, installs. */
final class Translator implements CodeSource {
  private final CodeCache cache;
  private final BlockCompiler compiler;
  private final EngineOptions options;
  private final EngineStats stats;
  private final GuestCode code;
  private final BlockLifter lifter;
  private final Optimizer optimizer;
  private final IrBlock lifted = new IrBlock();

  /** Null if translations are not kept. */
  private final Reviver reviver;

  /** The mode of the translation being made. */
  private int mode;

  Translator(
      GuestMemory memory,
      CodeCache cache,
      BlockCompiler compiler,
      EngineOptions options,
      EngineStats stats,
      long stubs) {
    this.cache = cache;
    this.compiler = compiler;
    this.options = options;
    this.stats = stats;
    code = new GuestCode(memory);
    optimizer = new Optimizer(options.passes());
    lifter = new BlockLifter(options.blockLimit());
    reviver =
        options.keepsTranslations()
            ? new Reviver(options.translations(), cache, code, stats, stubs)
            : null;
  }

  /**
   * Translates the block at {@code pc}, unless that has been done before and kept.
   *
   * @param mode 0, or 1 if frm is not a rounding mode of the host
   * @return null if the first instruction cannot be fetched
   */
  TranslatedBlock translate(long pc, int mode) {
    long start = System.nanoTime();
    TranslatedBlock kept = reviver == null ? null : reviver.revive(pc, mode);
    if (kept != null) {
      stats.nanoseconds += System.nanoTime() - start;
      return kept;
    }
    this.mode = mode;
    code.refresh();
    lifted.clear();
    LiftMode liftMode = mode == 0 ? LiftMode.TRANSLATE : LiftMode.TRANSLATE_UNUSUAL_ROUNDING;
    if (!lifter.lift(this, pc, liftMode, lifted)) {
      return null;
    }
    IrBlock optimised = options.optimise() ? optimizer.optimise(lifted) : lifted;
    long origin = cache.reserve();
    compiler.compile(optimised, origin);
    if (reviver != null) {
      reviver.keep(lifted, mode, compiler, origin);
    }
    TranslatedBlock block =
        cache.install(lifted, mode, compiler.code(), compiler.codeLength(), compiler.faultMap());
    stats.blocks++;
    stats.guestInstructions += block.instructionCount();
    stats.hostBytes += block.length();
    for (int i = 0; i < block.instructionCount(); i++) {
      stats.guestBytes += block.instructionLength(i);
    }
    stats.nanoseconds += System.nanoTime() - start;
    if (options.observer() != null) {
      options.observer().translated(lifted, optimised, block, compiler.code());
    }
    return block;
  }

  @Override
  public int parcel(long pc) {
    return code.parcel(pc);
  }

  @Override
  public boolean isTranslated(long pc) {
    return cache.find(pc, mode) != null;
  }

  /** Whether guest memory still holds the instructions a block was translated from. */
  boolean isCurrent(TranslatedBlock block) {
    try {
      return holdsCodeOf(block);
    } catch (InternalError gone) {
      return false; // The file it was mapped from has become shorter.
    }
  }

  private boolean holdsCodeOf(TranslatedBlock block) {
    code.refresh();
    for (int i = 0; i < block.instructionCount(); i++) {
      int encoding = block.encoding(i);
      if (code.parcel(block.pc(i)) != (encoding & 0xffff)) {
        return false;
      }
      if (block.instructionLength(i) == 4 && code.parcel(block.pc(i) + 2) != encoding >>> 16) {
        return false;
      }
    }
    return true;
  }
}
