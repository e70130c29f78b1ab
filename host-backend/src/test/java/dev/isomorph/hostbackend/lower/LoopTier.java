package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.Loop;
import dev.isomorph.translator.lift.LoopFinder;
import dev.isomorph.translator.opt.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The {@link RegionCompiler} as the engine uses it. */
final class LoopTier implements LoopCompiler {
  private static final int DEPTH_SHIFT = 3;

  @Override
  public Emitted compile(CodeSource code, long pc, long origin) {
    Loop loop = LoopFinder.around(code, pc).getLast();
    List<IrBlock> lifted = new ArrayList<>();
    long[] weights = new long[StateSlot.COUNT];
    for (Loop.Node node : loop.nodes()) {
      IrBlock block = new IrBlock();
      node.lift(LiftMode.TRANSLATE, block);
      lifted.add(block);
      for (int id = 0; id < block.size(); id++) {
        switch (block.op(id)) {
          case GET, GETF, PUT, PUTF ->
              weights[(int) block.imm(id)] += 1L << DEPTH_SHIFT * node.depth();
          default -> {}
        }
      }
    }
    BlockCompiler blocks = new BlockCompiler(new Stubs(origin));
    RegionCompiler compiler = new RegionCompiler(blocks);
    long[] pcs = loop.nodes().stream().mapToLong(Loop.Node::pc).toArray();
    compiler.start(origin + 4096, pcs, loop.head(), weights, 0);
    int entry = blocks.codeLength();
    for (int i = 0; i < pcs.length; i++) {
      long next = i + 1 < pcs.length ? pcs[i + 1] : -1;
      IrBlock node = new Optimizer().optimise(lifted.get(i));
      compiler.node(node, loop.nodes().get(i).isHead(), next);
    }
    compiler.finish();
    return new Emitted(
        loop.instructionCount(),
        Arrays.copyOf(blocks.code(), blocks.codeLength()),
        entry,
        blocks.emission().inLine());
  }
}
