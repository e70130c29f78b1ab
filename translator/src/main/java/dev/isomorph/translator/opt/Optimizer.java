package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import java.util.Set;

/**
 * The block tier's optimiser: short branches become selections ({@link IfConversion}), then one
 * pass forwards ({@link Simplifier}), one backwards ({@link DeadCode}). Guest state stays exact at
 * every operation that {@linkplain dev.isomorph.translator.ir.IrOp#mayLeave may leave} the block.
 *
 * <p>Keeps its working memory; one thread at a time.
 */
public final class Optimizer {
  private final IfConversion conversion;
  private final IrBlock converted = new IrBlock();
  private final Simplifier simplifier;
  private final boolean removesDeadCode;
  private final DeadCode deadCode = new DeadCode();
  private final IrBlock simplified = new IrBlock();
  private final IrBlock result = new IrBlock();

  /** By all passes. */
  public Optimizer() {
    this(Pass.ALL);
  }

  /** By some passes. */
  public Optimizer(Set<Pass> passes) {
    conversion = passes.contains(Pass.SELECTS) ? new IfConversion() : null;
    simplifier = new Simplifier(passes);
    removesDeadCode = passes.contains(Pass.DEAD_CODE);
  }

  /** Returns an equivalent block, good until the next call; {@code block} is left as it is. */
  public IrBlock optimise(IrBlock block) {
    boolean isConverted = conversion != null && conversion.run(block, converted);
    simplifier.run(isConverted ? converted : block, simplified);
    if (!removesDeadCode) {
      return simplified;
    }
    deadCode.run(simplified, result);
    return result;
  }

  /** What the forward pass made of the block in the latest call, good until the next one. */
  public IrBlock simplified() {
    return simplified;
  }
}
