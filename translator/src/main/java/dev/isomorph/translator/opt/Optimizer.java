package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import java.util.Set;

/**
 * The block tier's optimiser: short branches become selections ({@link IfConversion}), then one
 * pass forwards ({@link Simplifier}), bytes become numbers where these are stored and loaded by
 * bytes ({@link StoredPieces}, {@link JoinedLoads}, {@link JoinedStores}), stores that others
 * follow go ({@link RedundantStores}), and one pass backwards ({@link DeadCode}); what alone uses a
 * loaded value goes to its load ({@link FusedLoads}). Guest state stays exact at every operation
 * that {@linkplain dev.isomorph.translator.ir.IrBlock#mayLeave may leave} the block.
 *
 * <p>Keeps its working memory; one thread at a time.
 */
public final class Optimizer {
  private final Selections selections;
  private final IfConversion conversion;
  private final Diamonds diamonds;
  private final TwinSides twins;
  private final IrBlock converted = new IrBlock();
  private final Simplifier simplifier;
  private final StoredPieces pieces;
  private final IrBlock whole = new IrBlock();
  private final JoinedLoads joins;
  private final IrBlock joined = new IrBlock();
  private final JoinedStores storeJoins;
  private final IrBlock storeJoined = new IrBlock();
  private final RedundantStores redundant;
  private final IrBlock lasting = new IrBlock();
  private final boolean removesDeadCode;
  private final FusedLoads loads;
  private final DeadCode deadCode = new DeadCode();
  private final IrBlock simplified = new IrBlock();
  private final IrBlock result = new IrBlock();
  private final IrBlock fused = new IrBlock();

  /** By all passes. */
  public Optimizer() {
    this(Pass.ALL);
  }

  /** By some passes. */
  public Optimizer(Set<Pass> passes) {
    this(passes, LoadJoining.UNSEEN);
  }

  /** By some passes, of which those that join bytes to numbers are done in some places only. */
  public Optimizer(Set<Pass> passes, LoadJoining joining) {
    this(passes, joining, Set.of());
  }

  /**
   * The same where some branches stay what they are.
   *
   * @param steady their guest addresses
   */
  public Optimizer(Set<Pass> passes, LoadJoining joining, Set<Long> steady) {
    selections = new Selections(steady);
    conversion = passes.contains(Pass.SELECTS) ? new IfConversion(selections) : null;
    diamonds = passes.contains(Pass.DIAMONDS) ? new Diamonds(selections) : null;
    simplifier = new Simplifier(passes);
    boolean isJoining = joining != LoadJoining.NEVER;
    twins = isJoining && passes.contains(Pass.TWINS) ? new TwinSides(selections) : null;
    boolean joinsLoads = isJoining && passes.contains(Pass.JOINED_LOADS);
    pieces = isJoining && passes.contains(Pass.STORED_PIECES) ? new StoredPieces() : null;
    joins = joinsLoads ? new JoinedLoads(joining == LoadJoining.SEEN) : null;
    storeJoins = isJoining && passes.contains(Pass.JOINED_STORES) ? new JoinedStores() : null;
    boolean removes = isJoining && passes.contains(Pass.REDUNDANT_STORES);
    redundant = removes ? new RedundantStores() : null;
    removesDeadCode = passes.contains(Pass.DEAD_CODE);
    loads = passes.contains(Pass.FUSED_LOADS) ? new FusedLoads() : null;
  }

  /** Returns an equivalent block, good until the next call; {@code block} is left as it is. */
  public IrBlock optimise(IrBlock block) {
    return finish(select(block));
  }

  /** The first step: an equivalent block with selections, good until the next call. */
  public IrBlock select(IrBlock block) {
    return conversion != null && conversion.run(block, converted) ? converted : block;
  }

  /**
   * Between the steps: joins a block with the one where its last branch leads, if that does both
   * ways by selections. Both are as the first step has left them, or joined already.
   *
   * @param to what both become
   * @return whether they have been joined
   */
  public boolean join(IrBlock fork, IrBlock arm, IrBlock to) {
    return diamonds != null && diamonds.join(fork, arm, to);
  }

  /**
   * The same where both ways do alike.
   *
   * @param branch of {@code fork}; where it leads is {@code far}
   */
  public boolean join(IrBlock fork, int branch, IrBlock far, IrBlock to) {
    return twins != null && twins.join(fork, branch, far, to);
  }

  /** All other steps; the result is good until the next call. */
  public IrBlock finish(IrBlock block) {
    simplifier.run(block, simplified);
    IrBlock shortest = simplified;
    if (pieces != null && pieces.run(shortest, whole) != null) {
      shortest = whole;
    }
    if (joins != null && joins.run(shortest, joined) != null) {
      shortest = joined;
    }
    if (storeJoins != null && storeJoins.run(shortest, storeJoined) != null) {
      shortest = storeJoined;
    }
    if (redundant != null && redundant.run(shortest, lasting) != null) {
      shortest = lasting;
    }
    if (!removesDeadCode) {
      return shortest;
    }
    deadCode.run(shortest, result);
    return loads != null && loads.run(result, fused) != null ? fused : result;
  }

  /** Guest addresses of all branches that have become selections. */
  public Set<Long> selected() {
    return selections.made();
  }

  /** What the forward pass made of the block in the latest call, good until the next one. */
  public IrBlock simplified() {
    return simplified;
  }
}
