package dev.isomorph.translator.lift;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The loops of a flow graph of which only a part is known, perhaps not where it is entered. So
 * dominators do not tell; the jumps backwards do: compilers lay out a loop within the addresses
 * from the lowest that is jumped back to up to the last such jump. Nodes are numbered as they are
 * laid out.
 */
final class LoopNest {
  private static final int NONE = -1;

  private final List<Set<Integer>> successors;
  private final BitSet choices;

  /** Choices with what comes behind them, where cases go on. */
  private final List<int[]> aside = new ArrayList<>();

  private final List<Set<Integer>> predecessors = new ArrayList<>();
  private final List<Interval> intervals = new ArrayList<>();

  /**
   * A loop.
   *
   * @param heads where it is jumped back to
   * @param nodes its nodes, those of loops within it too
   */
  record Body(TreeSet<Integer> heads, TreeSet<Integer> nodes) {}

  private static final class Interval {
    final TreeSet<Integer> heads = new TreeSet<>();
    int last;

    /** What is elsewhere and belongs to it. */
    final Set<Integer> cases = new HashSet<>();

    boolean covers(Interval other) {
      return heads.first() <= other.heads.first() && last >= other.last
          || cases.contains(other.heads.first()) && cases.contains(other.last);
    }

    boolean overlaps(Interval other) {
      return heads.first() <= other.last && last >= other.heads.first();
    }
  }

  private LoopNest(List<Set<Integer>> successors, BitSet choices) {
    this.successors = successors;
    this.choices = choices;
    for (int i = 0; i < successors.size(); i++) {
      predecessors.add(new HashSet<>());
    }
    for (int from = 0; from < successors.size(); from++) {
      for (int to : successors.get(from)) {
        predecessors.get(to).add(from);
      }
      addBackwards(from, choices.get(from));
    }
    addCases();
  }

  /**
   * Finds the loops of a graph.
   *
   * @param successors of each node
   * @param choices nodes that end with a jump to one of many places; all that lead back are one
   *     loop, not one in the other
   */
  static List<Body> of(List<Set<Integer>> successors, BitSet choices) {
    return new LoopNest(successors, choices).bodies();
  }

  private void addBackwards(int from, boolean isChoice) {
    Interval interval = null;
    for (int to : new TreeSet<>(successors.get(from))) {
      int choice = isChoice || to > from ? NONE : choiceBefore(from, to);
      if (choice != NONE) {
        aside.add(new int[] {choice, to});
      } else if (to <= from) {
        if (interval == null || !isChoice) {
          interval = new Interval();
          interval.last = from;
        }
        interval.heads.add(to);
        if (!isChoice) {
          add(interval);
        }
      }
    }
    if (isChoice && interval != null) {
      add(interval);
    }
  }

  /**
   * The choice whose case a jump backwards comes from if that is only laid out so: it leads to what
   * comes behind the choice, and is come back to through that alone.
   */
  private int choiceBefore(int from, int to) {
    for (int choice = choices.nextSetBit(0);
        choice >= 0 && choice < to;
        choice = choices.nextSetBit(choice + 1)) {
      if (!reached(Set.of(to), successors, Set.of(choice)).contains(from)) {
        return choice;
      }
    }
    return NONE;
  }

  /** Cases that are laid out elsewhere belong to all loops that their choice is in. */
  private void addCases() {
    for (int[] each : aside) {
      Set<Integer> around = new HashSet<>(List.of(each[0], each[1]));
      Set<Integer> starts = new HashSet<>(successors.get(each[0]));
      starts.removeAll(around);
      Set<Integer> cases = reached(starts, successors, around).tailSet(each[1]);
      for (Interval interval : intervals) {
        if (interval.heads.first() <= each[0] && interval.last >= each[0]) {
          interval.cases.addAll(cases);
        }
      }
    }
  }

  /** Intervals with the same head are one loop, and so are those that overlap but do not nest. */
  private void add(Interval interval) {
    for (int i = 0; i < intervals.size(); i++) {
      Interval other = intervals.get(i);
      boolean sameHead = other.heads.first().equals(interval.heads.first());
      boolean nested = other.covers(interval) || interval.covers(other);
      if (sameHead || other.overlaps(interval) && !nested) {
        intervals.remove(i);
        interval.heads.addAll(other.heads);
        interval.last = Math.max(interval.last, other.last);
        add(interval);
        return;
      }
    }
    intervals.add(interval);
  }

  private List<Body> bodies() {
    List<Body> bodies = new ArrayList<>();
    for (Interval interval : intervals) {
      Set<Integer> outside = new HashSet<>();
      for (Interval other : intervals) {
        if (other != interval && other.covers(interval)) {
          outside.addAll(other.heads);
        }
      }
      outside.removeAll(interval.heads);
      TreeSet<Integer> body = reached(interval.heads, successors, outside);
      body.retainAll(reached(interval.heads, predecessors, outside));
      bodies.add(new Body(interval.heads, body));
    }
    return bodies;
  }

  /** What can be reached from some nodes without entering those that are outside. */
  private static TreeSet<Integer> reached(
      Set<Integer> from, List<Set<Integer>> edges, Set<Integer> outside) {
    TreeSet<Integer> seen = new TreeSet<>(from);
    ArrayDeque<Integer> work = new ArrayDeque<>(from);
    while (!work.isEmpty()) {
      for (int next : edges.get(work.remove())) {
        if (!outside.contains(next) && seen.add(next)) {
          work.add(next);
        }
      }
    }
    return seen;
  }
}
