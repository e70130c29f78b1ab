package dev.isomorph.translator.region;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.Optimizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the parts of a region that are but one side of a short branch, and joins both sides. */
final class ShortArms {
  /** Instructions of a part that may be a side with accesses, at most. */
  private static final int MOST_INSTRUCTIONS = 12;

  /** Parts of such a side, at most. */
  private static final int MOST_PARTS = 3;

  private final List<RegionOutline.Node> nodes;
  private final List<IrBlock> blocks;
  private final Optimizer optimizer;

  /** A part of a region with its operations. */
  record Joined(RegionOutline.Node node, IrBlock block) {}

  private ShortArms(List<RegionOutline.Node> nodes, List<IrBlock> blocks, Optimizer optimizer) {
    this.nodes = new ArrayList<>(nodes);
    this.blocks = blocks;
    this.optimizer = optimizer;
  }

  /**
   * Joins what can be joined. Who has been joined to another one stays, if there are other ways to
   * it.
   *
   * @param blocks by node; changed
   */
  static List<Joined> join(
      List<RegionOutline.Node> nodes, List<IrBlock> blocks, Optimizer optimizer) {
    ShortArms arms = new ShortArms(nodes, blocks, optimizer);
    // What is joined may be a side itself: of a branch before it, or of another part's.
    for (int number = nodes.size() - 1; number >= 0; number--) {
      boolean joins = true;
      while (joins) {
        joins = arms.joins(number);
      }
    }
    List<Joined> joined = new ArrayList<>();
    for (int number = 0; number < blocks.size(); number++) {
      joined.add(new Joined(arms.nodes.get(number), blocks.get(number)));
    }
    return joined;
  }

  /** Joins a part with sides of one of its latest two branches; returns false if nothing is. */
  private boolean joins(int number) {
    IrBlock fork = blocks.get(number);
    int last = fork.lastSideExit();
    if (last < 0 || fork.op(fork.size() - 1) != IrOp.JUMP) {
      return false;
    }
    int before = fork.sideExitBefore(last);
    return isDiamond(number, arm(number, fork.imm(last)))
        || areTwins(number, last)
        || before >= 0 && areTwins(number, before);
  }

  /** The part where another one leads, if it may be a side of it: if it is run as often. */
  private int arm(int number, long pc) {
    RegionOutline.Node fork = nodes.get(number);
    int arm = fork.ways().getOrDefault(pc, RegionOutline.NONE);
    if (arm == RegionOutline.NONE || arm == number) {
      return RegionOutline.NONE;
    }
    RegionOutline.Node side = nodes.get(arm);
    boolean mayBe = !side.polls() && !side.isHead() && side.depth() == fork.depth();
    return mayBe ? arm : RegionOutline.NONE;
  }

  private boolean isDiamond(int number, int far) {
    IrBlock joined = new IrBlock();
    return far != RegionOutline.NONE
        && optimizer.join(blocks.get(number), blocks.get(far), joined)
        && replaces(number, joined, way(number), way(far));
  }

  private boolean areTwins(int number, int branch) {
    IrBlock fork = blocks.get(number);
    int start = arm(number, fork.imm(branch));
    int behind = fork.instructionCount() - fork.instructionOf(branch);
    if (behind > MOST_INSTRUCTIONS
        || start >= 0 && blocks.get(start).instructionCount() > MOST_INSTRUCTIONS) {
      return false;
    }
    Way far = start < 0 ? null : way(start);
    for (int i = 0; i < MOST_PARTS && far != null; far = longer(far, -1), i++) {
      Way near = way(number);
      for (int j = 0; j < MOST_PARTS && near != null; near = longer(near, branch), j++) {
        IrBlock joined = new IrBlock();
        if (optimizer.join(near.block(), branch, far.block(), joined)) {
          return replaces(number, joined, near, far);
        }
      }
    }
    return false;
  }

  /**
   * A way through parts.
   *
   * @param last the part that it has come to
   * @param block what is done on it
   * @param ways where it leads: number of the part by guest address
   */
  private record Way(int last, IrBlock block, Map<Long, Integer> ways) {}

  private Way way(int number) {
    return new Way(number, blocks.get(number), nodes.get(number).ways());
  }

  /**
   * The same with the next part.
   *
   * @param branch after which there may be none, but before a part that only goes on elsewhere
   * @return null if there is no such part
   */
  private Way longer(Way way, int branch) {
    IrBlock block = way.block();
    int end = block.size() - 1;
    int next = goesOn(way);
    if (next == RegionOutline.NONE || block.sideExitBefore(end) > branch && !isJump(next)) {
      return null;
    }
    Map<Long, Integer> ways = new HashMap<>(way.ways());
    for (Map.Entry<Long, Integer> entry : nodes.get(next).ways().entrySet()) {
      Integer other = ways.put(entry.getKey(), entry.getValue());
      if (other != null && !other.equals(entry.getValue())) {
        return null;
      }
    }
    IrBlock both = new IrBlock();
    both.copyInstructions(block);
    append(both, block, end);
    both.addInstructions(blocks.get(next));
    append(both, blocks.get(next), blocks.get(next).size());
    return new Way(next, both, ways);
  }

  /** The part behind a way, if it may be on one; {@link RegionOutline#NONE} if not. */
  private int goesOn(Way way) {
    int end = way.block().size() - 1;
    if (way.block().op(end) != IrOp.JUMP) {
      return RegionOutline.NONE;
    }
    long pc = way.block().imm(end);
    int next = way.ways().getOrDefault(pc, RegionOutline.NONE);
    return next != RegionOutline.NONE && isJump(next) ? next : arm(way.last(), pc);
  }

  /** Whether a part only goes on elsewhere. */
  private boolean isJump(int number) {
    return blocks.get(number).op(0) == IrOp.JUMP && !nodes.get(number).polls();
  }

  /** Adds operations to a block, whose instructions it has at its end. */
  private static void append(IrBlock to, IrBlock from, int end) {
    int[] renamed = new int[from.size()];
    int owner = to.instructionCount() - from.instructionCount();
    for (int id = 0; id < end; id++) {
      renamed[id] = to.emitCopy(from, id, owner + from.instructionOf(id), renamed);
    }
  }

  /** Has a part become what it is with its sides, if these go on to the same parts. */
  private boolean replaces(int number, IrBlock joined, Way near, Way far) {
    Map<Long, Integer> ways = new HashMap<>(nodes.get(number).ways());
    for (int id = 0; id < far.block().size(); id++) {
      if (far.block().op(id).effect() == IrOp.Effect.EXIT) {
        long pc = far.block().imm(id);
        int to = far.ways().getOrDefault(pc, RegionOutline.NONE);
        if (to != near.ways().getOrDefault(pc, RegionOutline.NONE)) {
          return false;
        }
        if (to != RegionOutline.NONE) {
          ways.put(pc, to);
        }
      }
    }
    nodes.set(number, nodes.get(number).withWays(ways));
    blocks.set(number, joined);
    return true;
  }
}
