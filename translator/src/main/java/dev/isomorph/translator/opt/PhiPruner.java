package dev.isomorph.translator.opt;

import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;

/** Finds phis that are no choice: all ways bring the same value, or the phi itself. */
final class PhiPruner {
  private final int[] replacement;

  PhiPruner(RegionGraph graph) {
    replacement = new int[graph.code().size()];
    for (int id = 0; id < replacement.length; id++) {
      replacement[id] = id;
    }
    RegionStates states = new RegionStates(graph);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (RegionNode node : graph.nodes()) {
        for (int id = node.start(); id < node.end() && graph.isPhi(id); id++) {
          if (replacement[id] == id) {
            replacement[id] = onlyInput(graph, states, node, id);
            changed |= replacement[id] != id;
          }
        }
      }
    }
  }

  private int onlyInput(RegionGraph graph, RegionStates states, RegionNode node, int phi) {
    int only = phi;
    for (RegionEdge edge : node.in()) {
      int input = replacement(states.input(phi, edge));
      if (input != phi) {
        if (only != phi && only != input) {
          return phi;
        }
        only = input;
      }
    }
    return only;
  }

  /** The value that a value is another name of; itself if none. */
  int replacement(int value) {
    int v = value;
    while (replacement[v] != v) {
      v = replacement[v];
    }
    return v;
  }
}
