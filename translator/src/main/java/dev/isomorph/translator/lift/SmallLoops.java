package dev.isomorph.translator.lift;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The loops of a region that {@link LoopUnrolling} has twice: small ones without loops within. */
final class SmallLoops {
  /** Guest instructions of a loop, at most. */
  private static final int MOST_INSTRUCTIONS = 20;

  /** Parts of a loop, at most: each may be left, which takes room. */
  private static final int MOST_PARTS = 6;

  private final RegionOutline outline;
  private final List<LoopNest.Body> found = new ArrayList<>();

  /** By node, the loop it is in; null if in none. */
  private final LoopNest.Body[] loops;

  SmallLoops(RegionOutline outline) {
    this.outline = outline;
    loops = new LoopNest.Body[outline.nodes().size()];
    List<Set<Integer>> successors = new ArrayList<>();
    for (RegionOutline.Node node : outline.nodes()) {
      successors.add(node.successors());
    }
    List<LoopNest.Body> all = LoopNest.of(successors, this::heads);
    for (LoopNest.Body body : all) {
      if (isInnermost(body, all) && isSmall(body)) {
        found.add(body);
        body.nodes().forEach(node -> loops[node] = body);
      }
    }
  }

  /** The heads that the outline says a cycle has; those of loops within it are deeper. */
  private TreeSet<Integer> heads(BitSet cycle) {
    TreeSet<Integer> heads = new TreeSet<>();
    int depth = Integer.MAX_VALUE;
    for (int number = cycle.nextSetBit(0); number >= 0; number = cycle.nextSetBit(number + 1)) {
      RegionOutline.Node node = outline.nodes().get(number);
      if (node.isHead() && node.depth() < depth) {
        depth = node.depth();
        heads.clear();
      }
      if (node.isHead() && node.depth() == depth) {
        heads.add(number);
      }
    }
    return heads;
  }

  private static boolean isInnermost(LoopNest.Body body, List<LoopNest.Body> bodies) {
    for (LoopNest.Body other : bodies) {
      if (other != body && body.nodes().containsAll(other.nodes())) {
        return false;
      }
    }
    return true;
  }

  private boolean isSmall(LoopNest.Body body) {
    if (body.heads().size() > 1 || body.nodes().size() > MOST_PARTS) {
      return false;
    }
    int size = 0;
    for (int number : body.nodes()) {
      RegionOutline.Node node = outline.nodes().get(number);
      if (!node.targets().isEmpty() || node.comesBack() != RegionOutline.NONE) {
        return false;
      }
      size += node.code().size();
    }
    return size <= MOST_INSTRUCTIONS;
  }

  /**
   * Where a loop goes round, and where it polls: only heads do, and no other loop has its head in
   * an innermost one.
   */
  static int head(LoopNest.Body loop) {
    return loop.heads().first();
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** The loop a node is in; null if in none. */
  LoopNest.Body around(int node) {
    return loops[node];
  }

  /** Whether a node is in the same loop as another one, {@code from}. */
  boolean staysInside(int from, int node) {
    return node != RegionOutline.NONE && loops[from] != null && loops[from] == loops[node];
  }
}
