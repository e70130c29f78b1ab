package dev.isomorph.translator.region;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Arrays;

/**
 * Which value each guest register is, at every point of a region. {@link #UNTOUCHED} is what
 * neither the region nor its entry knows: the register file has it.
 */
public final class RegionStates {
  /** No value: the register file has the guest register's content, from before the region. */
  public static final int UNTOUCHED = IrBlock.NONE;

  private final RegionGraph graph;
  private final int[][] atEntry;
  private final int[][] atEdge;
  private int[] current;

  public RegionStates(RegionGraph graph) {
    this.graph = graph;
    atEntry = new int[graph.nodes().size()][];
    atEdge = new int[graph.edges().size()][];
    for (RegionNode node : graph.nodes()) {
      begin(node);
      for (int id = node.start(); id < node.end(); id++) {
        step(id);
        IrOp op = graph.code().op(id);
        if (op.effect() == IrOp.Effect.EXIT) {
          atEdge[(int) graph.code().imm(id)] = current.clone();
        }
      }
    }
  }

  private int[] entryOf(RegionNode node) {
    // A node of several ways in that has no phi for a register has the same value from all of them.
    for (RegionEdge edge : node.in()) {
      if (atEdge[edge.index()] != null) {
        return atEdge[edge.index()].clone();
      }
    }
    int[] untouched = new int[StateSlot.COUNT_IN_REGIONS];
    Arrays.fill(untouched, UNTOUCHED);
    return untouched;
  }

  /** Starts a walk through a node: {@link #current()} is the state at its start. */
  public void begin(RegionNode node) {
    if (atEntry[node.index()] == null) {
      atEntry[node.index()] = entryOf(node);
    }
    current = atEntry[node.index()].clone();
  }

  /** Goes on behind operation {@code id}, the next one. */
  public void step(int id) {
    IrBlock code = graph.code();
    switch (code.op(id)) {
      case PUT, PUTF -> current[(int) code.imm(id)] = code.a(id);
      case GET, GETF -> current[graph.isPhi(id) ? graph.slotOf(id) : (int) code.imm(id)] = id;
      default -> {}
    }
  }

  /** The state reached by {@link #begin} and {@link #step}: value by slot. */
  public int[] current() {
    return current;
  }

  /** The state where an edge is taken. */
  public int[] at(RegionEdge edge) {
    return atEdge[edge.index()];
  }

  /** What a phi is if its node is entered by an edge. */
  public int input(int phi, RegionEdge edge) {
    return atEdge[edge.index()][graph.slotOf(phi)];
  }
}
