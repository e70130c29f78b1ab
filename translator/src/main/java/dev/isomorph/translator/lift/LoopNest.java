package dev.isomorph.translator.lift;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The loops of a flow graph of which only a part is known, perhaps not where it is entered. So
 * dominators do not tell; cycles do: a loop is all nodes that lead to each other, and what is still
 * a cycle without the loop's head is a loop within it. The head is what is laid out first. Nodes
 * are numbered as they are laid out.
 */
final class LoopNest {
  private final List<Set<Integer>> successors;
  private final BitSet choices;
  private final List<Set<Integer>> predecessors = new ArrayList<>();
  private final List<Body> bodies = new ArrayList<>();

  /**
   * A loop.
   *
   * @param heads nodes of which each way round passes one, but for ways round in loops within it
   * @param nodes its nodes, those of loops within it too
   */
  record Body(TreeSet<Integer> heads, TreeSet<Integer> nodes) {}

  private LoopNest(List<Set<Integer>> successors, BitSet choices) {
    this.successors = successors;
    this.choices = choices;
    for (int i = 0; i < successors.size(); i++) {
      predecessors.add(new TreeSet<>());
    }
    for (int from = 0; from < successors.size(); from++) {
      for (int to : successors.get(from)) {
        predecessors.get(to).add(from);
      }
    }
  }

  /**
   * Finds the loops of a graph.
   *
   * @param successors of each node
   * @param choices nodes that end with a jump to one of many places; all that lead back are one
   *     loop, not one in the other
   */
  static List<Body> of(List<Set<Integer>> successors, BitSet choices) {
    LoopNest nest = new LoopNest(successors, choices);
    BitSet all = new BitSet();
    all.set(0, successors.size());
    nest.addLoops(all);
    return nest.bodies;
  }

  /** Adds the loops among some nodes, and those within them. */
  private void addLoops(BitSet nodes) {
    ArrayDeque<BitSet> work = new ArrayDeque<>(List.of(nodes));
    while (!work.isEmpty()) {
      BitSet rest = work.remove();
      while (!rest.isEmpty()) {
        int first = rest.nextSetBit(0);
        BitSet cycle = reached(first, successors, rest);
        cycle.and(reached(first, predecessors, rest));
        rest.andNot(cycle);
        rest.clear(first);
        if (!cycle.isEmpty()) {
          TreeSet<Integer> heads = heads(cycle);
          bodies.add(new Body(heads, set(cycle)));
          heads.forEach(cycle::clear);
          work.add(cycle);
        }
      }
    }
  }

  /** What is first, and if a choice leads back there, all that is led back to with it. */
  private TreeSet<Integer> heads(BitSet cycle) {
    int first = cycle.nextSetBit(0);
    TreeSet<Integer> heads = new TreeSet<>();
    heads.add(first);
    for (int from = cycle.nextSetBit(0); from >= 0; from = cycle.nextSetBit(from + 1)) {
      if (choices.get(from) && successors.get(from).contains(first)) {
        for (int to : successors.get(from)) {
          if (to <= from && cycle.get(to)) {
            heads.add(to);
          }
        }
      }
    }
    return heads;
  }

  /** What can be reached from a node by one step or more, among some nodes. */
  private static BitSet reached(int from, List<Set<Integer>> edges, BitSet nodes) {
    BitSet seen = new BitSet();
    ArrayDeque<Integer> work = new ArrayDeque<>();
    work.add(from);
    while (!work.isEmpty()) {
      for (int next : edges.get(work.remove())) {
        if (nodes.get(next) && !seen.get(next)) {
          seen.set(next);
          work.add(next);
        }
      }
    }
    return seen;
  }

  private static TreeSet<Integer> set(BitSet nodes) {
    TreeSet<Integer> set = new TreeSet<>();
    for (int node = nodes.nextSetBit(0); node >= 0; node = nodes.nextSetBit(node + 1)) {
      set.add(node);
    }
    return set;
  }
}
