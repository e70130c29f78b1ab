package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import java.util.BitSet;

/** Removes the pure operations of a region that neither an operation nor the guest's state uses. */
final class RegionDeadCode {
  private RegionDeadCode() {}

  static void remove(RegionGraph graph) {
    IrBlock from = graph.code();
    BitSet used = new BitSet(from.size());
    // Uses come behind definitions; phis have their inputs by the state, which PUTs hold.
    for (int id = from.size() - 1; id >= 0; id--) {
      if (used.get(id) || isRoot(graph, id)) {
        used.set(id);
        for (int i = 0; i < from.op(id).operands(); i++) {
          used.set(from.operand(id, i));
        }
      }
    }
    copy(graph, used);
  }

  private static boolean isRoot(RegionGraph graph, int id) {
    IrOp op = graph.code().op(id);
    return op.effect() != IrOp.Effect.PURE || op == IrOp.GET || op == IrOp.GETF;
  }

  private static void copy(RegionGraph graph, BitSet used) {
    IrBlock from = graph.code();
    IrBlock to = new IrBlock();
    to.copyInstructions(from);
    int[] renamed = new int[from.size()];
    for (RegionNode node : graph.nodes()) {
      int start = to.size();
      for (int id = node.start(); id < node.end(); id++) {
        if (used.get(id)) {
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
