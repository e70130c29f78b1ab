package dev.isomorph.translator.region;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.Optimizer;
import java.util.List;

/** Finds the parts of a region that are but one side of a short branch, and joins both sides. */
final class ShortArms {
  private final List<RegionOutline.Node> nodes;
  private final List<IrBlock> blocks;
  private final Optimizer optimizer;

  private ShortArms(List<RegionOutline.Node> nodes, List<IrBlock> blocks, Optimizer optimizer) {
    this.nodes = nodes;
    this.blocks = blocks;
    this.optimizer = optimizer;
  }

  /**
   * Joins what can be joined. Who has been joined to another one stays, if there are other ways to
   * it.
   *
   * @param blocks by node; changed
   */
  static void join(List<RegionOutline.Node> nodes, List<IrBlock> blocks, Optimizer optimizer) {
    ShortArms arms = new ShortArms(nodes, blocks, optimizer);
    // What is joined may be a side itself: of a branch before it, or of another part's.
    for (int number = nodes.size() - 1; number >= 0; number--) {
      IrBlock joined = arms.joined(number);
      while (joined != null) {
        blocks.set(number, joined);
        joined = arms.joined(number);
      }
    }
  }

  /** A block with the one where its last branch leads; null if they are not joined. */
  private IrBlock joined(int number) {
    IrBlock fork = blocks.get(number);
    int branch = fork.lastSideExit();
    RegionOutline.Node node = nodes.get(number);
    int arm =
        branch == IrBlock.NONE
            ? RegionOutline.NONE
            : node.ways().getOrDefault(fork.imm(branch), RegionOutline.NONE);
    IrBlock joined = new IrBlock();
    boolean joins =
        arm != RegionOutline.NONE
            && meet(node, nodes.get(arm), blocks.get(arm))
            && optimizer.join(fork, blocks.get(arm), joined);
    return joins ? joined : null;
  }

  /** Whether a part where another one leads is as often run, and goes on where that one does. */
  private static boolean meet(RegionOutline.Node fork, RegionOutline.Node arm, IrBlock block) {
    if (arm.polls() || arm.isHead() || arm.depth() != fork.depth()) {
      return false;
    }
    Integer next = arm.ways().get(block.imm(block.size() - 1));
    return next != null && next.equals(fork.ways().get(block.imm(block.size() - 1)));
  }
}
