package dev.isomorph.engine;

import dev.isomorph.hostbackend.lower.RegionSlots;
import dev.isomorph.hostbackend.region.RegionWriter;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.Loop;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.RegionOptimizer;
import dev.isomorph.translator.region.RegionBuilder;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionPassObserver;

/**
 * A loop up to the point where only its host address is missing.
 *
 * @param source of which the guest instructions count
 * @param entry guest address at which it is entered
 * @param code what is to be emitted
 */
record CompiledRegion(IrBlock source, long entry, RegionWriter.Result code) implements LoopOutcome {
  /** Optimises a loop and allocates its registers. */
  static LoopOutcome of(Loop loop) {
    return of(loop, RegionPassObserver.NONE);
  }

  /** As {@link #of(Loop)}, with somebody who looks on. */
  static LoopOutcome of(Loop loop, RegionPassObserver passes) {
    RegionGraph graph = RegionBuilder.build(loop, RegionSlots.fixed(), new Optimizer());
    if (graph == null) {
      return RegionRefusal.UNSUITABLE;
    }
    passes.after("built", graph);
    RegionOptimizer.optimise(graph, passes);
    RegionWriter.Result code = RegionWriter.write(graph);
    return code == null
        ? RegionRefusal.TOO_MANY_PLACES
        : new CompiledRegion(graph.code(), loop.head(), code);
  }
}
