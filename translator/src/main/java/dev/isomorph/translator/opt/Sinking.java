package dev.isomorph.translator.opt;

import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;

/**
 * Moves operations of a loop that are wanted behind it only to where it is left: the counterpart of
 * {@link LoopInvariants}. That has to be a node which nothing else leads to, so that it has all
 * operands as they were.
 *
 * <p>The guest register that an operation is written to moves with it. So on all other ways it has
 * to be written again before anybody can ask for it.
 */
final class Sinking {
  private final RegionGraph graph;
  private final IrBlock from;
  private final RegionStates states;
  private final Dominators dominators;

  /** By operation, the way behind which it is made; null if it stays. */
  private final RegionEdge[] behind;

  private boolean found;

  private Sinking(RegionGraph graph) {
    this.graph = graph;
    from = graph.code();
    states = new RegionStates(graph);
    dominators = new Dominators(graph);
    behind = new RegionEdge[from.size()];
  }

  /** Moves what can be moved; tells whether there was any. */
  static boolean move(RegionGraph graph) {
    Sinking sinking = new Sinking(graph);
    for (RegionNode node : graph.nodes()) {
      sinking.find(node);
    }
    if (sinking.found) {
      sinking.rebuild();
    }
    return sinking.found;
  }

  private void find(RegionNode node) {
    // Users first: what only they want goes with them.
    for (int id = node.end() - 1; id >= graph.body(node); id--) {
      if (IntegerSemantics.defines(from.op(id))) {
        for (RegionEdge edge : node.out()) {
          if (behind[id] == null && isWayOut(edge, node, id) && isWantedBehind(id, edge)) {
            behind[id] = edge;
            found = true;
          }
        }
      }
    }
  }

  /** Whether a way leads from an operation out of its loop, to where nothing else does. */
  private boolean isWayOut(RegionEdge edge, RegionNode node, int id) {
    RegionNode to = edge.to();
    return to != null
        && edge.operation() > id
        && to.in().size() == 1
        && !to.polls()
        && to.depth() < node.depthAt(id);
  }

  private boolean isWantedBehind(int id, RegionEdge edge) {
    boolean isUsed = false;
    for (int user = id + 1; user < from.size(); user++) {
      IrOp op = from.op(user);
      for (int i = 0; i < op.operands(); i++) {
        if (from.operand(user, i) == id) {
          isUsed = true;
          boolean isThere = behind[user] == edge || isBehind(graph.nodeOf(user), edge);
          if (!isThere && !(op.effect() == IrOp.Effect.STATE && isWriteOf(user, id, edge))) {
            return false;
          }
        }
      }
    }
    return isUsed;
  }

  private boolean isBehind(RegionNode node, RegionEdge edge) {
    return dominators.dominates(edge.to().index(), node.index());
  }

  /** Whether a write of an operation's result in front of a way out may move behind that. */
  private boolean isWriteOf(int write, int id, RegionEdge edge) {
    RegionNode node = edge.from();
    int slot = (int) from.imm(write);
    if (graph.nodeOf(write) != node || write > edge.operation() || states.at(edge)[slot] != id) {
      return false;
    }
    for (int next = write + 1; next < node.end(); next++) {
      if (from.op(next).effect() == IrOp.Effect.STATE && from.imm(next) == slot) {
        return next > edge.operation();
      }
      if (from.op(next).effect() == IrOp.Effect.EXIT) {
        RegionEdge other = graph.edges().get((int) from.imm(next));
        if (other != edge && !isWrittenFirst(other.to(), slot)) {
          return false;
        }
      } else if (from.mayLeave(next)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a node writes a guest register before anybody can ask for it. */
  private boolean isWrittenFirst(RegionNode node, int slot) {
    if (node == null || node.polls()) {
      return false;
    }
    for (int id = node.start(); id < node.end() && !from.mayLeave(id); id++) {
      if (graph.isPhi(id) && graph.slotOf(id) == slot) {
        return false;
      }
      if (from.op(id).effect() == IrOp.Effect.STATE && from.imm(id) == slot) {
        return true;
      }
    }
    return false;
  }

  private void rebuild() {
    BlockRewrite rewrite = new BlockRewrite(from, new IrBlock());
    for (RegionNode node : graph.nodes()) {
      int body = graph.body(node);
      for (int id = node.start(); id < node.end(); id++) {
        rewrite.begin(id);
        if (id == body) {
          takeIn(rewrite, node);
        }
        if (behind[id] == null && !isMovedWrite(id)) {
          rewrite.copy(id);
        }
      }
    }
    rewrite.apply(graph);
  }

  private boolean isMovedWrite(int id) {
    return from.op(id).effect() == IrOp.Effect.STATE
        && behind[from.a(id)] != null
        && graph.nodeOf(id) == behind[from.a(id)].from();
  }

  /** Makes what has been moved behind the way to a node. */
  private void takeIn(BlockRewrite rewrite, RegionNode node) {
    RegionEdge edge = node.in().size() == 1 ? node.in().getFirst() : null;
    if (edge == null) {
      return;
    }
    int owner = from.instructionOf(graph.body(node));
    for (int id = edge.from().start(); id < edge.operation(); id++) {
      if (behind[id] == edge || isMovedWrite(id) && behind[from.a(id)] == edge) {
        rewrite.copyFor(owner, id);
      }
    }
  }
}
