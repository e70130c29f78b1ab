package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;
import java.util.BitSet;

/**
 * Takes sums of a value and a constant into the displacements of the accesses whose address they
 * are, and into further sums, where nobody else wants them but the guest's state: so a pointer that
 * is moved once in each copy of a loop is moved once for all.
 */
final class Displacements {
  /** Those of guest instructions are no larger, and nothing that is made of them expects more. */
  private static final int LARGEST = 2047;

  private final RegionGraph graph;
  private final IrBlock from;
  private final IrBlock to = new IrBlock();
  private final int[] renamed;

  /** Sums that somebody wants as they are. */
  private final BitSet wanted = new BitSet();

  /** By sum, the least and the largest displacement of the accesses whose address it is. */
  private final long[] least;

  private final long[] largest;

  /** By sum that is nobody's, what it is the sum of. */
  private final int[] root;

  private final long[] distance;

  private Displacements(RegionGraph graph) {
    this.graph = graph;
    from = graph.code();
    renamed = new int[from.size()];
    least = new long[from.size()];
    largest = new long[from.size()];
    root = new int[from.size()];
    distance = new long[from.size()];
  }

  /** Rebuilds a region if there are any. */
  static void take(RegionGraph graph) {
    Displacements displacements = new Displacements(graph);
    displacements.findWanted();
    if (displacements.findRoots()) {
      displacements.rebuild();
    }
  }

  private void findWanted() {
    RegionStates states = new RegionStates(graph);
    for (RegionNode node : graph.nodes()) {
      for (RegionEdge edge : node.in()) {
        for (int id = node.start(); id < node.end() && graph.isPhi(id); id++) {
          wanted.set(states.input(id, edge));
        }
      }
    }
    for (int id = 0; id < from.size(); id++) {
      IrOp op = from.op(id);
      boolean takes = op.accessedBytes() > 0 || isSum(id);
      for (int i = 0; i < op.operands() && op.effect() != IrOp.Effect.STATE; i++) {
        int value = from.operand(id, i);
        if (i > 0 || !takes) {
          wanted.set(value);
        } else if (!isSum(id)) {
          least[value] = Math.min(least[value], from.imm(id));
          largest[value] = Math.max(largest[value], from.imm(id));
        }
      }
    }
  }

  private boolean isSum(int id) {
    return from.op(id) == IrOp.ADD && from.isConstant(from.b(id));
  }

  private boolean findRoots() {
    boolean found = false;
    for (int id = 0; id < from.size(); id++) {
      root[id] = NONE;
      if (isSum(id)) {
        int a = from.a(id);
        long sum = from.imm(from.b(id)) + distance[a];
        boolean fits = largest[id] + sum <= LARGEST && least[id] + sum >= -LARGEST;
        if (!wanted.get(id) && fits && Math.abs(sum) <= LARGEST) {
          root[id] = root[a] == NONE ? a : root[a];
          distance[id] = sum;
          found = true;
        }
      }
    }
    return found;
  }

  private void rebuild() {
    to.copyInstructions(from);
    for (RegionNode node : graph.nodes()) {
      int start = to.size();
      for (int id = node.start(); id < node.end(); id++) {
        renamed[id] = copy(id);
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

  private int copy(int id) {
    IrOp op = from.op(id);
    int owner = from.instructionOf(id);
    int a = op.operands() > 0 ? from.a(id) : NONE;
    if (a == NONE || root[a] == NONE || op.effect() == IrOp.Effect.STATE) {
      return to.emitCopy(from, id, owner, renamed);
    }
    int base = renamed[root[a]];
    if (op == IrOp.ADD) {
      long sum = from.imm(from.b(id)) + distance[a];
      int constant = to.emitFor(owner, IrOp.CONST, NONE, NONE, NONE, sum);
      return to.emitFor(owner, op, base, constant, NONE, 0);
    }
    int value = op.operands() > 1 ? renamed[from.b(id)] : NONE;
    return to.emitFor(owner, op, base, value, NONE, from.imm(id) + distance[a]);
  }
}
