package dev.isomorph.translator.lift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds what makes a region, from the code alone. */
public final class RegionFinder {
  /** Guest instructions that are looked at for loops, at most. */
  private static final int MOST_EXPLORED = 2000;

  /** Guest instructions of a loop, at most: what surely fits the room for a translation. */
  private static final int MOST_IN_LOOP = 300;

  /** Guest instructions of a region that need not be a loop. */
  private static final int MOST_FROM = 48;

  private final FlowGraph graph;
  private final List<LoopNest.Body> loops;

  private RegionFinder(FlowGraph graph) {
    this.graph = graph;
    List<Set<Integer>> successors = new ArrayList<>();
    for (FlowGraph.Node node : graph.nodes()) {
      successors.add(graph.successors(node));
    }
    loops = LoopNest.of(successors);
  }

  /**
   * Finds the loops that the instruction at a guest address is part of, the innermost first.
   *
   * @param followsCalls whether small functions may be part of them
   * @return those that are not too large; empty if there are none
   */
  public static List<RegionOutline> loopsAround(CodeSource code, long pc, boolean followsCalls) {
    FlowGraph graph = new FlowGraph(code, pc, followsCalls, MOST_EXPLORED);
    List<RegionOutline> found = new RegionFinder(graph).loopsAround(graph.number(pc));
    if (graph.hasCalls()) {
      // What is called may make loops too large.
      FlowGraph plain = new FlowGraph(code, pc, false, MOST_EXPLORED);
      List<RegionOutline> without = new RegionFinder(plain).loopsAround(plain.number(pc));
      return without.size() > found.size() ? without : found;
    }
    return found;
  }

  /**
   * Takes what can be reached from a guest address.
   *
   * @param followsCalls whether small functions may be part of it
   * @return null if nothing can be fetched there
   */
  public static RegionOutline from(CodeSource code, long pc, boolean followsCalls) {
    FlowGraph graph = new FlowGraph(code, pc, followsCalls, MOST_FROM);
    int head = graph.number(pc);
    if (head == RegionOutline.NONE) {
      return null;
    }
    TreeSet<Integer> all = new TreeSet<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      all.add(i);
    }
    return new RegionFinder(graph).outline(all, head);
  }

  private List<RegionOutline> loopsAround(int start) {
    List<RegionOutline> found = new ArrayList<>();
    for (LoopNest.Body loop : loops) {
      int head = head(loop, start);
      if (loop.nodes().contains(start) && head >= 0 && size(loop.nodes()) <= MOST_IN_LOOP) {
        found.add(outline(loop.nodes(), head));
      }
    }
    found.sort((one, two) -> Integer.compare(one.instructionCount(), two.instructionCount()));
    return found;
  }

  /** Where a loop is best entered; nobody comes from outside into a function's copy. */
  private int head(LoopNest.Body loop, int start) {
    if (loop.heads().contains(start)) {
      return start;
    }
    for (int head : loop.heads()) {
      if (graph.nodes().get(head).place.call() == null) {
        return head;
      }
    }
    return RegionOutline.NONE;
  }

  private int size(Set<Integer> nodes) {
    int size = 0;
    for (int node : nodes) {
      size += graph.nodes().get(node).code.size();
    }
    return size;
  }

  private RegionOutline outline(TreeSet<Integer> members, int head) {
    int[] renumbered = new int[graph.nodes().size()];
    int count = 0;
    for (int node = 0; node < renumbered.length; node++) {
      renumbered[node] = members.contains(node) ? count++ : RegionOutline.NONE;
    }
    List<RegionOutline.Node> parts = new ArrayList<>();
    for (int number : members) {
      FlowGraph.Node node = graph.nodes().get(number);
      Map<Long, Integer> ways = new HashMap<>();
      for (CodePlace way : node.ways) {
        if (inside(way, renumbered) != RegionOutline.NONE) {
          ways.put(way.pc(), inside(way, renumbered));
        }
      }
      int depth = 0;
      boolean isHead = false;
      for (LoopNest.Body loop : loops) {
        boolean isInner = members.containsAll(loop.nodes());
        depth += isInner && loop.nodes().contains(number) ? 1 : 0;
        isHead |= isInner && loop.heads().contains(number);
      }
      int callee = inside(node.callee, renumbered);
      parts.add(
          new RegionOutline.Node(
              node.place.pc(),
              List.copyOf(node.code),
              ways,
              callee,
              back(node, renumbered),
              depth,
              isHead));
    }
    return new RegionOutline(renumbered[head], parts);
  }

  private int inside(CodePlace place, int[] renumbered) {
    int number = graph.number(place);
    return number == RegionOutline.NONE ? RegionOutline.NONE : renumbered[number];
  }

  private RegionOutline.Return back(FlowGraph.Node node, int[] renumbered) {
    int number = inside(node.back, renumbered);
    return number == RegionOutline.NONE
        ? null
        : new RegionOutline.Return(node.back.pc(), number, node.place.call().keepsReturnAddress);
  }
}
