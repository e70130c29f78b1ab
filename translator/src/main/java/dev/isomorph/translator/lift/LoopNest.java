package dev.isomorph.translator.lift;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The loops of a flow graph of which only a part is known, perhaps not where it is entered. So
 * dominators do not tell; cycles do: a loop is all nodes that lead to each other, and what is still
 * a cycle without the loop's head is a loop within it.
 */
final class LoopNest {
  private final List<Set<Integer>> successors;
  private final Function<BitSet, TreeSet<Integer>> heads;
  private final List<Set<Integer>> predecessors = new ArrayList<>();
  private final List<Body> bodies = new ArrayList<>();

  /**
   * A loop.
   *
   * @param heads nodes of which each way round passes one, but for ways round in loops within it
   * @param nodes its nodes, those of loops within it too
   */
  record Body(TreeSet<Integer> heads, TreeSet<Integer> nodes) {}

  private LoopNest(List<Set<Integer>> successors, Function<BitSet, TreeSet<Integer>> heads) {
    this.successors = successors;
    this.heads = heads;
    for (int i = 0; i < successors.size(); i++) {
      predecessors.add(new TreeSet<>());
    }
    for (int from = 0; from < successors.size(); from++) {
      for (int to : successors.get(from)) {
        predecessors.get(to).add(from);
      }
    }
    BitSet all = new BitSet();
    all.set(0, successors.size());
    addLoops(all);
  }

  /**
   * Finds the loops of a graph.
   *
   * @param heads those of a cycle
   */
  static List<Body> of(List<Set<Integer>> successors, Function<BitSet, TreeSet<Integer>> heads) {
    return new LoopNest(successors, heads).bodies;
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
          TreeSet<Integer> chosen = heads.apply(cycle);
          bodies.add(new Body(chosen, set(cycle)));
          chosen.forEach(cycle::clear);
          work.add(cycle);
        }
      }
    }
  }

  /** What can be reached from a node by one step or more, among some nodes. */
  static BitSet reached(int from, List<Set<Integer>> edges, BitSet nodes) {
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
