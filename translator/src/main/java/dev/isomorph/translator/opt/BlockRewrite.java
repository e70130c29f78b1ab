package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
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
    copyFor(from.instructionOf(id), id);
  }

  /** The operation as one of another instruction. */
  void copyFor(int instruction, int id) {
    renamed[id] = to.emitCopy(from, id, instruction, renamed);
  }

  /** Adds an operation to the copy that computes something. */
  int emit(int instruction, IrOp op, int a, int b) {
    return to.emitFor(instruction, op, a, b, NONE, 0);
  }

  int constant(int instruction, long value) {
    return to.emitFor(instruction, IrOp.CONST, NONE, NONE, NONE, value);
  }

  /** A value shifted by some bytes. */
  int shifted(int instruction, IrOp shift, int value, int byBytes) {
    return byBytes == 0
        ? value
        : emit(instruction, shift, value, constant(instruction, (long) Byte.SIZE * byBytes));
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
