package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.region.RegionGraph;
import java.util.Set;

/**
 * Does with the stores and loads of a region what has been done in each block: only now it is known
 * of some addresses that they are of one place, since the sum that makes one is in another node.
 */
final class RegionNumbers {
  private RegionNumbers() {}

  /** Returns whether anything has changed. */
  static boolean join(RegionGraph graph, Set<Pass> passes) {
    boolean found =
        passes.contains(Pass.STORED_PIECES)
            && changed(graph, new StoredPieces().run(graph.code(), new IrBlock()));
    if (found && passes.contains(Pass.JOINED_LOADS)) {
      changed(graph, new JoinedLoads(true).run(graph.code(), new IrBlock()));
    }
    found |=
        passes.contains(Pass.JOINED_STORES)
            && changed(graph, new JoinedStores().run(graph.code(), new IrBlock()));
    return passes.contains(Pass.REDUNDANT_STORES)
            && changed(graph, new RedundantStores().run(graph.code(), new IrBlock()))
        || found;
  }

  private static boolean changed(RegionGraph graph, BlockRewrite rewrite) {
    if (rewrite != null) {
      rewrite.apply(graph);
    }
    return rewrite != null;
  }
}
