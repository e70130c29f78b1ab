package dev.isomorph.engine;

import dev.isomorph.hostbackend.lower.RegionSlots;
import dev.isomorph.hostbackend.region.RegionWriter;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.lift.Loop;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.RegionOptimizer;
import dev.isomorph.translator.region.RegionBuilder;
import dev.isomorph.translator.region.RegionGraph;

/**
 * A loop up to the point where only its host address is missing.
 *
 * @param source of which the guest instructions count
 * @param entry guest address at which it is entered
 * @param code what is to be emitted
 */
record CompiledRegion(IrBlock source, long entry, RegionWriter.Result code) {
  /** Optimises a loop and allocates its registers; null if it is none for a region. */
  static CompiledRegion of(Loop loop) {
    RegionGraph graph = RegionBuilder.build(loop, RegionSlots.fixed(), new Optimizer());
    if (graph == null) {
      return null;
    }
    RegionOptimizer.optimise(graph);
    RegionWriter.Result code = RegionWriter.write(graph);
    return code == null ? null : new CompiledRegion(graph.code(), loop.head(), code);
  }
}
