package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.region.RegionWriter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.LoopUnrolling;
import dev.isomorph.translator.lift.RegionFinder;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.LoadJoining;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.Pass;
import dev.isomorph.translator.opt.RegionOptimizer;
import dev.isomorph.translator.region.RegionBuilder;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionPassObserver;
import java.util.Arrays;
import java.util.Set;

/** The {@link RegionCompiler} as the engine uses it. */
final class LoopTier implements LoopCompiler {
  private final Set<Pass> passes;

  LoopTier(Set<Pass> passes) {
    this.passes = passes;
  }

  @Override
  public Emitted compile(CodeSource code, long pc, long origin) {
    RegionOutline region = outline(code, pc);
    BlockCompiler blocks = new BlockCompiler(new Stubs(origin));
    RegionCompiler.Extent extent =
        new RegionCompiler(blocks).compile(write(region).blocks(), origin + 4096, 0);
    return new Emitted(
        region.instructionCount(),
        Arrays.copyOf(blocks.code(), blocks.codeLength()),
        extent.start(),
        extent.end());
  }

  /** What is to be emitted of the outermost loop around a guest address. */
  RegionWriter.Result write(CodeSource code, long pc) {
    return write(outline(code, pc));
  }

  private RegionOutline outline(CodeSource code, long pc) {
    RegionOutline function = RegionFinder.recursionAt(code, pc);
    RegionOutline found =
        function != null
            ? function
            : RegionFinder.loopsAround(code, pc, passes.contains(Pass.CALLS)).getLast();
    return passes.contains(Pass.UNROLLING) ? LoopUnrolling.unroll(found) : found;
  }

  private RegionWriter.Result write(RegionOutline region) {
    RegionGraph graph =
        RegionBuilder.build(
            region,
            LiftMode.TRANSLATE,
            RegionSlots.fixed(),
            new Optimizer(passes, LoadJoining.SEEN));
    RegionOptimizer.optimise(graph, passes, RegionPassObserver.NONE);
    return RegionWriter.write(graph, Addressing.WINDOW, passes);
  }
}
