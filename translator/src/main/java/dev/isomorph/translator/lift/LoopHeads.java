package dev.isomorph.translator.lift;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The heads of loops, for {@link LoopNest}: what is laid out first. But compilers put one side of a
 * branch in a loop there, too, if that saves a jump; then it is where the loop is entered, as far
 * as that is known. Nodes are numbered as they are laid out.
 */
final class LoopHeads implements Function<BitSet, TreeSet<Integer>> {
  private final List<Set<Integer>> successors;
  private final BitSet choices;
  private final BitSet entered;

  /**
   * @param successors of each node
   * @param choices nodes that end with a jump to one of many places; all that lead back are one
   *     loop, not one in the other
   * @param entered nodes where something leads that is no part of the graph
   */
  LoopHeads(List<Set<Integer>> successors, BitSet choices, BitSet entered) {
    this.successors = successors;
    this.choices = choices;
    this.entered = entered;
  }

  /** What is first, and if a choice leads back there, all that is led back to with it. */
  @Override
  public TreeSet<Integer> apply(BitSet cycle) {
    int first = cycle.nextSetBit(0);
    TreeSet<Integer> heads = new TreeSet<>();
    BitSet entries = entries(cycle);
    int entry = entries.nextSetBit(0);
    if (entries.cardinality() == 1 && entry != first && isPassedBy(first, entry, cycle)) {
      heads.add(entry);
      return heads;
    }
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

  /** The nodes of a cycle that others lead to. */
  private BitSet entries(BitSet cycle) {
    BitSet entries = (BitSet) entered.clone();
    for (int from = 0; from < successors.size(); from++) {
      if (!cycle.get(from)) {
        successors.get(from).forEach(entries::set);
      }
    }
    entries.and(cycle);
    return entries;
  }

  /**
   * Whether a cycle has ways round through its entry that pass what is first by, and none that pass
   * the entry by.
   */
  private boolean isPassedBy(int first, int entry, BitSet cycle) {
    return goesRound(entry, first, cycle) && !goesRound(first, entry, cycle);
  }

  /** Whether there is a way round from a node without another one. */
  private boolean goesRound(int from, int without, BitSet cycle) {
    BitSet others = (BitSet) cycle.clone();
    others.clear(without);
    return LoopNest.reached(from, successors, others).get(from);
  }
}
