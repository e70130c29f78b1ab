package dev.isomorph.translator.lift;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The loops of a flow graph of which only a part is known, perhaps not where it is entered. So
 * dominators do not tell; the jumps backwards do: compilers lay out a loop within the addresses
 * from the lowest that is jumped back to up to the last such jump.
 */
final class LoopNest {
  private final Map<Long, Set<Long>> successors;
  private final Map<Long, Set<Long>> predecessors = new HashMap<>();
  private final List<Interval> intervals = new ArrayList<>();

  /** A jump to a lower address, or to itself. */
  record Jump(long target, long source) {}

  /**
   * A loop.
   *
   * @param heads where it is jumped back to
   * @param nodes the starts of its nodes, those of loops within it too
   */
  record Body(TreeSet<Long> heads, Set<Long> nodes) {}

  private static final class Interval {
    final TreeSet<Long> heads = new TreeSet<>();
    long last;

    boolean covers(Interval other) {
      return heads.first() <= other.heads.first() && last >= other.last;
    }

    boolean overlaps(Interval other) {
      return heads.first() <= other.last && last >= other.heads.first();
    }
  }

  private LoopNest(Map<Long, Set<Long>> successors) {
    this.successors = successors;
    successors.forEach(
        (from, all) ->
            all.forEach(to -> predecessors.computeIfAbsent(to, t -> new HashSet<>()).add(from)));
  }

  /** Finds the loops of a graph, given by the successors of each node, that the jumps make. */
  static List<Body> of(Map<Long, Set<Long>> successors, List<Jump> backwards) {
    LoopNest nest = new LoopNest(successors);
    for (Jump jump : backwards) {
      Interval interval = new Interval();
      interval.heads.add(jump.target());
      interval.last = jump.source();
      nest.add(interval);
    }
    return nest.bodies();
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
      Set<Long> outside = new HashSet<>();
      for (Interval other : intervals) {
        if (other != interval && other.covers(interval)) {
          outside.addAll(other.heads);
        }
      }
      outside.removeAll(interval.heads);
      Set<Long> body = reached(interval.heads, successors, outside);
      body.retainAll(reached(interval.heads, predecessors, outside));
      bodies.add(new Body(interval.heads, body));
    }
    return bodies;
  }

  /** What can be reached from some nodes without entering those that are outside. */
  private static Set<Long> reached(Set<Long> from, Map<Long, Set<Long>> edges, Set<Long> outside) {
    Set<Long> seen = new HashSet<>(from);
    ArrayDeque<Long> work = new ArrayDeque<>(from);
    while (!work.isEmpty()) {
      for (long next : edges.getOrDefault(work.remove(), Set.of())) {
        if (!outside.contains(next) && seen.add(next)) {
          work.add(next);
        }
      }
    }
    return seen;
  }
}
