package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.translator.ir.IrBlock;

/**
 * The region tier: turns the nodes of a loop into one piece of host code with a register map of its
 * own. Guest registers are moved at its edges only; inside, nodes jump to each other directly.
 *
 * <p>Its code is entered as a block's is, with guest registers in the fixed map.
 */
public final class RegionCompiler {
  private static final int LOOP_ALIGNMENT = 16;

  private final BlockCompiler blocks;
  private RegionFrame frame;

  /** A compiler that uses what {@code blocks} does; they take turns. */
  public RegionCompiler(BlockCompiler blocks) {
    this.blocks = blocks;
  }

  /**
   * Starts a region for host address {@code origin}, a multiple of 16.
   *
   * @param pcs where its nodes start, in the order in which they follow
   * @param entry the guest pc at which it is entered, one of them
   * @param weights what a host register for a guest's is worth, by state slot
   * @param counter which of the {@link RegisterFile#entries} counts how often it is entered
   */
  public void start(long origin, long[] pcs, long entry, long[] weights, int counter) {
    frame = new RegionFrame(RegisterMap.best(weights), pcs);
    Emission out = blocks.emission();
    out.start(origin, frame);
    if (frame.hasMoves()) {
      out.asm.add(4, Emission.state(RegisterFile.entries(counter)), 1);
      frame.enter(out.asm);
    }
    if (pcs[0] != entry) {
      out.asm.jmp(frame.node(entry));
    }
  }

  /**
   * Adds the next node.
   *
   * @param next guest pc of the node after it, -1 if this is the last
   */
  public void node(IrBlock node, boolean isLoopHead, long next) {
    Emission out = blocks.emission();
    if (isLoopHead) {
      out.asm.align(LOOP_ALIGNMENT);
    }
    Label label = frame.node(node.startPc());
    out.asm.bind(label);
    frame.next(next);
    blocks.lower(node);
  }

  /** Ends the region; its code is in the {@link BlockCompiler} then, as a block's would be. */
  public void finish() {
    blocks.emission().finish();
  }

  /** Where guest registers are inside the region. */
  public RegisterMap map() {
    return frame.map();
  }
}
