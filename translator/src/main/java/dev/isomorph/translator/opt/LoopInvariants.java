package dev.isomorph.translator.opt;

import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Moves operations whose operands a loop does not change in front of it, where the loop is entered
 * from one place only. They neither fault nor change anything, so it does not matter whether the
 * guest would have come to them.
 *
 * <p>Loads stay: memory may be changed by others while the loop waits for just that.
 */
final class LoopInvariants {
  /** Values for which the host has registers; some are left for those that a node works with. */
  private static final int REGISTERS = 8;

  private final RegionGraph graph;
  private final IrBlock from;

  /** By operation, the node in which it is now. */
  private final int[] place;

  /** By operation, the way in front of which it is to stand; null if it stays. */
  private final RegionEdge[] before;

  /**
   * A loop that is entered by one way.
   *
   * @param last by node, the last operation that leads on inside; what is behind runs once
   */
  private record Loop(BitSet nodes, int[] last, RegionEdge entry) {}

  private LoopInvariants(RegionGraph graph) {
    this.graph = graph;
    from = graph.code();
    place = new int[from.size()];
    before = new RegionEdge[from.size()];
    for (RegionNode node : graph.nodes()) {
      Arrays.fill(place, node.start(), node.end(), node.index());
    }
  }

  /** Moves what pays. */
  static void move(RegionGraph graph) {
    LoopInvariants moving = new LoopInvariants(graph);
    List<Loop> loops = moving.loops();
    // Inner ones first: what comes to stand in an outer loop may leave that, too.
    loops.sort((one, two) -> Integer.compare(one.nodes.cardinality(), two.nodes.cardinality()));
    boolean moves = false;
    for (Loop loop : loops) {
      moves |= moving.move(loop);
    }
    if (moves) {
      moving.rebuild();
    }
  }

  private List<Loop> loops() {
    List<Loop> loops = new ArrayList<>();
    for (NaturalLoops.Loop loop : NaturalLoops.of(graph)) {
      if (loop.entries().size() == 1) {
        loops.add(new Loop(loop.nodes(), last(loop.nodes()), loop.entries().getFirst()));
      }
    }
    return loops;
  }

  private int[] last(BitSet body) {
    int[] last = new int[graph.nodes().size()];
    for (RegionNode node : graph.nodes()) {
      for (RegionEdge edge : node.out()) {
        if (edge.to() != null && body.get(edge.to().index())) {
          last[node.index()] = Math.max(last[node.index()], edge.operation());
        }
      }
    }
    return last;
  }

  private boolean move(Loop loop) {
    int busy = busy(loop);
    boolean moves = false;
    for (int id = 0; id < from.size(); id++) {
      if (isInside(id, loop) && isInvariant(id, loop)) {
        boolean isCostly = isCostly(from.op(id));
        if (isCostly || busy < REGISTERS) {
          busy += isCostly ? 0 : 1;
          moveOut(id, loop);
          moves = true;
        }
      }
    }
    return moves;
  }

  private boolean isInside(int id, Loop loop) {
    int position = before[id] == null ? id : before[id].operation();
    return loop.nodes.get(place[id]) && position <= loop.last[place[id]];
  }

  /** How many values the operations of a loop work with. */
  private int busy(Loop loop) {
    BitSet values = new BitSet();
    for (int id = 0; id < from.size(); id++) {
      IrOp op = from.op(id);
      if (isInside(id, loop) && op.effect() != IrOp.Effect.STATE) {
        for (int i = 0; i < op.operands(); i++) {
          int value = from.operand(id, i);
          boolean lastsLonger = place[value] != place[id] || graph.isPhi(value);
          if (!from.isConstant(value) && lastsLonger) {
            values.set(value);
          }
        }
      }
    }
    return values.cardinality();
  }

  private boolean isInvariant(int id, Loop loop) {
    IrOp op = from.op(id);
    if (!IntegerSemantics.defines(op)) {
      return false;
    }
    for (int i = 0; i < op.operands(); i++) {
      int value = from.operand(id, i);
      if (!from.isConstant(value) && isInside(value, loop)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCostly(IrOp op) {
    return switch (op) {
      case MUL, MULH, MULHU, MULHSU, MUL32, CLMUL, CLMULH, CLMULR, ORCB -> true;
      default -> op.divides();
    };
  }

  private void moveOut(int id, Loop loop) {
    int to = loop.entry.from().index();
    place[id] = to;
    before[id] = loop.entry;
    for (int i = 0; i < from.op(id).operands(); i++) {
      int value = from.operand(id, i);
      if (from.isConstant(value) && isInside(value, loop)) {
        place[value] = to;
        before[value] = loop.entry;
      }
    }
  }

  private void rebuild() {
    IrBlock to = new IrBlock();
    to.copyInstructions(from);
    int[] renamed = new int[from.size()];
    for (RegionNode node : graph.nodes()) {
      int start = to.size();
      for (int id = node.start(); id < node.end(); id++) {
        if (from.op(id).effect() == IrOp.Effect.EXIT) {
          RegionEdge edge = graph.edges().get((int) from.imm(id));
          for (int moved = 0; moved < from.size(); moved++) {
            if (before[moved] == edge) {
              renamed[moved] = to.emitCopy(from, moved, from.instructionOf(id), renamed);
            }
          }
        }
        if (before[id] == null) {
          renamed[id] = to.emitCopy(from, id, from.instructionOf(id), renamed);
        }
      }
      node.range(start, to.size());
    }
    for (RegionNode node : graph.nodes()) {
      for (RegionEdge edge : node.out()) {
        edge.operation(renamed[edge.operation()]);
      }
    }
    graph.code(to);
  }
}
