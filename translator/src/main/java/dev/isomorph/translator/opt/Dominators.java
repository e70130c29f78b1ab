package dev.isomorph.translator.opt;

import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import java.util.BitSet;

/** Which nodes of a region are on every way to which. */
final class Dominators {
  private final BitSet[] of;

  Dominators(RegionGraph graph) {
    int n = graph.nodes().size();
    of = new BitSet[n];
    for (int i = 0; i < n; i++) {
      of[i] = new BitSet(n);
      of[i].set(0, n);
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (RegionNode node : graph.nodes()) {
        changed |= update(node);
      }
    }
  }

  private boolean update(RegionNode node) {
    BitSet all = node.isEntry() ? new BitSet() : (BitSet) of[node.index()].clone();
    for (RegionEdge edge : node.in()) {
      all.and(of[edge.from().index()]);
    }
    all.set(node.index());
    boolean changed = !all.equals(of[node.index()]);
    of[node.index()] = all;
    return changed;
  }

  /** Whether control cannot reach node {@code later} but through {@code earlier}. */
  boolean dominates(int earlier, int later) {
    return of[later].get(earlier);
  }
}
