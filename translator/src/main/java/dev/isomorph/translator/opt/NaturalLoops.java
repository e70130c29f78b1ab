package dev.isomorph.translator.opt;

import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The loops of a region that are entered at one node, their head. */
public final class NaturalLoops {
  private NaturalLoops() {}

  /**
   * A loop.
   *
   * @param head the node at which it is entered
   * @param nodes of the loop, by index
   * @param entries the ways to its head from outside
   */
  public record Loop(RegionNode head, BitSet nodes, List<RegionEdge> entries) {}

  /** All of them, by head. */
  public static List<Loop> of(RegionGraph graph) {
    Dominators dominators = new Dominators(graph);
    List<Loop> loops = new ArrayList<>();
    for (RegionNode head : graph.nodes()) {
      BitSet body = new BitSet();
      for (RegionEdge edge : head.in()) {
        if (dominators.dominates(head.index(), edge.from().index())) {
          collect(head, edge.from(), body);
        }
      }
      if (!body.isEmpty()) {
        loops.add(new Loop(head, body, entries(head, body)));
      }
    }
    return loops;
  }

  private static void collect(RegionNode head, RegionNode last, BitSet body) {
    body.set(head.index());
    ArrayDeque<RegionNode> work = new ArrayDeque<>();
    work.add(last);
    while (!work.isEmpty()) {
      RegionNode node = work.remove();
      if (!body.get(node.index())) {
        body.set(node.index());
        for (RegionEdge edge : node.in()) {
          work.add(edge.from());
        }
      }
    }
  }

  private static List<RegionEdge> entries(RegionNode head, BitSet body) {
    List<RegionEdge> entries = new ArrayList<>();
    for (RegionEdge edge : head.in()) {
      if (!body.get(edge.from().index())) {
        entries.add(edge);
      }
    }
    return entries;
  }
}
