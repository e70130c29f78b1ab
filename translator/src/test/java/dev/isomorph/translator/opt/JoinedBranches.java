package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionMachine;
import dev.isomorph.translator.region.TestRegion;
import java.util.Set;

/** Regions in which branches may become selections. */
final class JoinedBranches {
  private static final int ROUNDS = 9;
  private static final int SEEDS = 50;

  private JoinedBranches() {}

  /** The region of some code when some passes are done with it. */
  static RegionGraph region(RiscvAssembler code, Set<Pass> passes) {
    RegionGraph graph = TestRegion.of(code, passes);
    RegionOptimizer.optimise(graph, passes, (_, _) -> {});
    return graph;
  }

  /** How many branches are gone by a pass; what happens has to stay as it was. */
  static int count(RiscvAssembler code, Pass pass) {
    RegionGraph plain = region(code, Pass.without(Pass.ALL, pass));
    RegionGraph graph = region(code, Pass.ALL);
    for (long seed = 0; seed < SEEDS; seed++) {
      assertEquals(
          new RegionMachine(plain, seed | 1).run(ROUNDS),
          new RegionMachine(graph, seed | 1).run(ROUNDS),
          () -> plain + "\n" + graph);
    }
    return branches(plain) - branches(graph);
  }

  private static int branches(RegionGraph graph) {
    int count = 0;
    for (int id = 0; id < graph.code().size(); id++) {
      boolean isGuard = graph.nodeOf(id).isEntry();
      count += graph.code().op(id).isSideExit() && !isGuard ? 1 : 0;
    }
    return count;
  }
}
