package dev.isomorph.translator.region;

import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrPrinter;
import dev.isomorph.translator.ir.StateSlot;

/** Writes the operations of a region as text. */
public final class RegionPrinter {
  private final RegionGraph graph;
  private final RegionStates states;

  /** A printer for a region as it is now. */
  public RegionPrinter(RegionGraph graph) {
    this.graph = graph;
    states = new RegionStates(graph);
  }

  /** One operation of a node; a phi says what it is by way. */
  public String operation(RegionNode node, int id) {
    if (graph.isPhi(id)) {
      return phi(node, id);
    }
    if (graph.code().op(id).effect() != IrOp.Effect.EXIT) {
      return IrPrinter.operation(graph.code(), id, IrPrinter.Names.OF_BLOCK);
    }
    // The immediate of an exit is an edge, which a plain block does not have.
    StringBuilder out = new StringBuilder(graph.code().op(id).toString());
    for (int i = 0; i < graph.code().op(id).operands(); i++) {
      out.append(i == 0 ? " v" : ", v").append(graph.code().operand(id, i));
    }
    RegionEdge edge = graph.edges().get((int) graph.code().imm(id));
    if (edge.to() != null) {
      return out.append(" to node ").append(edge.to().index()).toString();
    }
    IrOp op = graph.code().op(id);
    return op == IrOp.JUMP || op == IrOp.CALL || op.isSideExit()
        ? out.append(" leaves for 0x").append(Long.toHexString(edge.pc())).toString()
        : out.append(" leaves").toString();
  }

  private String phi(RegionNode node, int id) {
    StringBuilder out = new StringBuilder();
    out.append('v').append(id).append(" = PHI ").append(StateSlot.name(graph.slotOf(id)));
    String separator = ": ";
    for (RegionEdge edge : node.in()) {
      out.append(separator).append('v').append(states.input(id, edge));
      out.append(" from node ").append(edge.from().index());
      separator = ", ";
    }
    return out.toString();
  }
}
