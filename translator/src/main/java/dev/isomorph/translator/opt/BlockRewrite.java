package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;

/** A block that is copied, some of it put otherwise. */
final class BlockRewrite {
  final IrBlock from;
  final IrBlock to;

  /** By value, what it is in the copy. */
  final int[] renamed;

  /** By operation, how long the copy was when it came to its turn. */
  private final int[] starts;

  BlockRewrite(IrBlock from, IrBlock to) {
    this.from = from;
    this.to = to;
    renamed = new int[from.size()];
    starts = new int[from.size()];
    to.clear();
    to.copyInstructions(from);
  }

  /** What comes next in the copy is for this operation. */
  void begin(int id) {
    starts[id] = to.size();
  }

  /** The operation as it is. */
  void copy(int id) {
    renamed[id] = to.emitCopy(from, id, from.instructionOf(id), renamed);
  }

  /** Has a region's code, of which this is a copy, replaced by it. */
  void apply(RegionGraph graph) {
    for (RegionNode node : graph.nodes()) {
      node.range(start(node.start()), start(node.end()));
      for (RegionEdge edge : node.out()) {
        edge.operation(renamed[edge.operation()]);
      }
    }
    graph.code(to);
  }

  private int start(int id) {
    return id == starts.length ? to.size() : starts[id];
  }
}
