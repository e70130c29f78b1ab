package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;
import java.util.BitSet;

/**
 * Where a branch is all that uses a comparison of floats, each side of it knows the result. So
 * guest registers that have it are constants there, and the host can branch on its own flags.
 */
final class FloatBranches {
  private final RegionGraph graph;
  private final IrBlock from;
  private final IrBlock to = new IrBlock();
  private final int[] uses;

  /** What guest registers are where ways meet, from all of them. */
  private final BitSet merged = new BitSet();

  private final int[] renamed;

  private FloatBranches(RegionGraph graph) {
    this.graph = graph;
    from = graph.code();
    renamed = new int[from.size()];
    uses = new int[from.size()];
    for (int id = 0; id < from.size(); id++) {
      IrOp op = from.op(id);
      for (int i = 0; i < op.operands() && op.effect() != IrOp.Effect.STATE; i++) {
        uses[from.operand(id, i)]++;
      }
    }
    findMerged();
  }

  private void findMerged() {
    RegionStates states = new RegionStates(graph);
    for (RegionNode node : graph.nodes()) {
      if (node.in().size() > 1) {
        states.begin(node);
        for (int id = node.start(); graph.isPhi(id); id++) {
          states.step(id);
        }
        for (int value : states.current()) {
          if (value != RegionStates.UNTOUCHED) {
            merged.set(value);
          }
        }
      }
    }
  }

  /** Rebuilds a region. */
  static void settle(RegionGraph graph) {
    FloatBranches branches = new FloatBranches(graph);
    for (int id = 0; id < branches.from.size(); id++) {
      if (branches.isAlone(id)) {
        branches.run();
        return;
      }
    }
  }

  private void run() {
    RegionStates states = new RegionStates(graph);
    to.copyInstructions(from);
    for (RegionNode node : graph.nodes()) {
      int start = to.size();
      states.begin(node);
      for (int id = node.start(); id < node.end(); id++) {
        states.step(id);
        boolean isAlone = isAlone(id);
        boolean isTakenIfSo = from.op(id) == IrOp.EXIT_NE;
        if (isAlone) {
          put(id, states.current(), isTakenIfSo);
        }
        renamed[id] = to.emitCopy(from, id, from.instructionOf(id), renamed);
        if (isAlone) {
          put(id, states.current(), !isTakenIfSo);
        }
      }
      node.range(start, to.size());
      for (RegionEdge edge : node.out()) {
        edge.operation(renamed[edge.operation()]);
      }
    }
    graph.code(to);
  }

  /**
   * Whether an operation is a branch that alone looks at a comparison, with nothing in between but
   * guest registers. Where its sides meet again, none of these has the result: it would have to
   * become a choice.
   */
  private boolean isAlone(int id) {
    IrOp op = from.op(id);
    if (op != IrOp.EXIT_EQ && op != IrOp.EXIT_NE || !from.isConstant(from.b(id), 0)) {
      return false;
    }
    int result = from.a(id);
    boolean isAlone = from.op(result).comparesFloats() && uses[result] == 1 && !merged.get(result);
    for (int between = result + 1; isAlone && between < id; between++) {
      isAlone = !from.mayLeave(between) && !graph.isPhi(between);
    }
    return isAlone;
  }

  /** Says that who has the result has a constant. */
  private void put(int exit, int[] state, boolean holds) {
    int owner = from.instructionOf(exit);
    int constant = NONE;
    for (int slot = 0; slot < StateSlot.COUNT_IN_REGIONS; slot++) {
      if (state[slot] == from.a(exit)) {
        if (constant == NONE) {
          constant = to.emitFor(owner, IrOp.CONST, NONE, NONE, NONE, holds ? 1 : 0);
        }
        to.emitFor(owner, IrOp.PUT, constant, NONE, NONE, slot);
      }
    }
  }
}
