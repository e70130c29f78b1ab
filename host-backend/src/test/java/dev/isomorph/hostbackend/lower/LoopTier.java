package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.region.RegionWriter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.RegionFinder;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.Pass;
import dev.isomorph.translator.opt.RegionOptimizer;
import dev.isomorph.translator.region.RegionBuilder;
import dev.isomorph.translator.region.RegionGraph;
import java.util.Arrays;

/** The {@link RegionCompiler} as the engine uses it. */
final class LoopTier implements LoopCompiler {
  @Override
  public Emitted compile(CodeSource code, long pc, long origin) {
    RegionOutline loop = RegionFinder.loopsAround(code, pc, true).getLast();
    RegionGraph graph = RegionBuilder.build(loop, RegionSlots.fixed(), new Optimizer());
    RegionOptimizer.optimise(graph);
    RegionWriter.Result region = RegionWriter.write(graph, Pass.ALL);
    BlockCompiler blocks = new BlockCompiler(new Stubs(origin));
    RegionCompiler.Extent extent =
        new RegionCompiler(blocks).compile(region.blocks(), origin + 4096, 0);
    return new Emitted(
        loop.instructionCount(),
        Arrays.copyOf(blocks.code(), blocks.codeLength()),
        extent.start(),
        extent.end());
  }
}
