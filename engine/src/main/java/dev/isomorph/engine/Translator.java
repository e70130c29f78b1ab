package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.lower.Addressing;
import dev.isomorph.hostbackend.lower.BlockCompiler;
import dev.isomorph.hostbackend.lower.StencilCompiler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.opt.LoadJoining;
import dev.isomorph.translator.opt.Optimizer;

/** Makes translations: lifts, optimises, compiles, installs. */
final class Translator implements CodeSource, AutoCloseable {
  /** Translations of a program that is large. */
  private static final int MANY = 1 << 16;

  private final CodeCache cache;
  private final BlockCompiler compiler;
  private final EngineOptions options;
  private final EngineStats stats;
  private final GuestSpace space;
  private final BlockLifter lifter;
  private final BlockLifter single = new BlockLifter(1);
  private final Optimizer optimizer;
  private final IrBlock lifted = new IrBlock();

  private final Breakpoints breakpoints;

  /** Makes the first translations of code; null if there is no such tier. */
  private final StencilCompiler stencils;

  /** Null if translations are not kept. */
  private final Reviver reviver;

  /** Null where code is mapped where it stays. */
  private final MovedCode moved;

  /** The mode of the translation being made, and the code it is made from. */
  private int mode;

  private CodeSource code;

  Translator(
      GuestSpace space,
      CodeCache cache,
      BlockCompiler compiler,
      EngineOptions options,
      EngineStats stats,
      Breakpoints breakpoints,
      Reviver reviver) {
    this.cache = cache;
    this.compiler = compiler;
    this.options = options;
    this.stats = stats;
    this.space = space;
    boolean joins = space.addressing() == Addressing.WINDOW;
    optimizer = new Optimizer(options.passes(), joins ? LoadJoining.UNSEEN : LoadJoining.NEVER);
    lifter = new BlockLifter(options.blockLimit(), !options.exact());
    this.breakpoints = breakpoints;
    this.reviver = reviver;
    stencils = options.isQuick() ? new StencilCompiler(compiler) : null;
    // What is watched or counted is one translation, not several that share its code.
    boolean moves = space.movesCode() && options.observer() == null && !options.counting();
    moved = moves ? new MovedCode(cache, space) : null;
  }

  /**
   * Translates the block at {@code pc}, unless that has been done before and kept.
   *
   * @param mode as {@link GuestSpace#mode} has it
   * @return null if the first instruction cannot be fetched
   */
  TranslatedBlock translate(long pc, int mode) {
    long start = System.nanoTime();
    TranslatedBlock block = reviver == null ? null : reviver.revive(pc, mode);
    if (moved != null && breakpoints.isEmpty()) {
      block = moved.find(pc, mode);
      if (block != null) {
        stats.moved++;
      }
    }
    if (block == null) {
      boolean quickly = mode == 0 && isQuick();
      block = quickly ? translateQuickly(pc) : translate(space.code(pc, mode), lifter, pc, mode);
    }
    stats.nanoseconds += System.nanoTime() - start;
    return block;
  }

  /** Translates the block at {@code pc} well; what there is goes. */
  void improve(long pc, int mode) {
    long start = System.nanoTime();
    translate(space.code(pc, mode), lifter, pc, mode);
    stats.improved++;
    stats.nanoseconds += System.nanoTime() - start;
  }

  private boolean isQuick() {
    return stencils != null && (stats.blocks >= options.quickFrom() || stencils.isPrepared());
  }

  /**
   * Whether to translate what has not been met before is better than to evaluate it: the code of
   * most instructions is at hand, and there is not so much of it that memory counts.
   */
  boolean prefersTranslation() {
    return stencils != null && stencils.isPrepared() && stats.blocks < MANY;
  }

  private TranslatedBlock translateQuickly(long pc) {
    mode = 0;
    code = space.code(pc, 0);
    lifted.clear();
    long origin = cache.reserve();
    if (!stencils.compile(this, pc, origin, lifted)) {
      return null;
    }
    BlockCompiler made = stencils.result();
    if (reviver != null) {
      reviver.keep(lifted, 0, made, origin);
    }
    TranslatedBlock block =
        cache.install(lifted, 0, made.code(), made.codeLength(), made.faultMap());
    stats.putTogether++;
    // Much of it will run once: each jump that is linked at once need not leave for it.
    for (int link : made.links()) {
      TranslatedBlock target = cache.find(TranslationRecord.getLong(made.code(), link), 0);
      if (target != null) {
        cache.link(block.address() + link, target);
      }
    }
    return added(block);
  }

  /** Translates an instruction that is in two pages. */
  TranslatedBlock translate(MappedCode instruction, long pc, int mode) {
    return translate(instruction, single, pc, mode);
  }

  private TranslatedBlock translate(MappedCode source, BlockLifter by, long pc, int mode) {
    this.mode = mode;
    code = source;
    lifted.clear();
    if (!by.lift(this, pc, space.translation(mode), lifted)) {
      return null;
    }
    IrBlock optimised = options.optimise() ? optimizer.optimise(lifted) : lifted;
    long origin = cache.reserve();
    compiler.compile(optimised, origin);
    if (reviver != null) {
      reviver.keep(lifted, mode, compiler, origin);
    }
    int[] faultMap = compiler.faultMap();
    TranslatedBlock block =
        cache.install(
            lifted, mode, source.pages(), compiler.code(), compiler.codeLength(), faultMap);
    if (moved != null && block.pageCount() == 1 && breakpoints.isEmpty()) {
      moved.add(block, lifted.encodings(), compiler, faultMap);
    }
    if (options.observer() != null) {
      options.observer().translated(lifted, optimised, block, compiler.code());
    }
    return added(block);
  }

  private TranslatedBlock added(TranslatedBlock block) {
    stats.blocks++;
    stats.guestInstructions += block.instructionCount();
    stats.hostBytes += block.length();
    stats.guestBytes += block.guestBytes();
    return block;
  }

  /** Whether there is a translation, or one is kept that may be current. */
  boolean has(long pc, int mode) {
    return cache.find(pc, mode) != null || reviver != null && reviver.has(pc, mode);
  }

  @Override
  public int parcel(long pc) {
    return code.parcel(pc);
  }

  @Override
  public boolean isTranslated(long pc) {
    return cache.find(pc, mode) != null;
  }

  @Override
  public boolean isBoundary(long pc) {
    return breakpoints.isAt(pc);
  }

  @Override
  public void close() {
    if (stencils != null) {
      stencils.close();
    }
  }
}
