package dev.isomorph.translator.region;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.LoopUnrolling;
import dev.isomorph.translator.lift.RegionFinder;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.Pass;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Regions for tests, of the guest code an assembler has. */
public final class TestRegion {
  /** Where the code is. */
  public static final long PC = 0x1000;

  private TestRegion() {}

  /** The outermost loop around the first instruction. */
  public static RegionGraph of(RiscvAssembler assembler) {
    return build(RegionFinder.loopsAround(source(assembler), PC, true).getLast());
  }

  /** What can be reached from the first instruction. */
  public static RegionGraph from(RiscvAssembler assembler) {
    return build(RegionFinder.from(source(assembler), PC, true));
  }

  /** As {@link #of(RiscvAssembler)}, by some passes. */
  public static RegionGraph of(RiscvAssembler assembler, Set<Pass> passes) {
    RegionOutline loop = RegionFinder.loopsAround(source(assembler), PC, true).getLast();
    return RegionBuilder.build(loop, LiftMode.TRANSLATE, new int[0], new Optimizer(passes));
  }

  /** The same, with small loops twice. */
  public static RegionGraph unrolled(RiscvAssembler assembler, Set<Pass> passes) {
    RegionOutline loop = RegionFinder.loopsAround(source(assembler), PC, true).getLast();
    RegionOutline unrolled = LoopUnrolling.unroll(loop);
    return RegionBuilder.build(unrolled, LiftMode.TRANSLATE, new int[0], new Optimizer(passes));
  }

  /** The function that starts with the first instruction and calls itself. */
  public static RegionGraph recursion(RiscvAssembler assembler) {
    return build(RegionFinder.recursionAt(source(assembler), PC));
  }

  private static RegionGraph build(RegionOutline outline) {
    return RegionBuilder.build(outline, LiftMode.TRANSLATE, new int[0], new Optimizer());
  }

  /** What an assembler has, from {@link #PC} on. */
  public static CodeSource source(RiscvAssembler assembler) {
    byte[] bytes = assembler.bytes();
    return pc -> {
      int at = (int) (pc - PC);
      boolean inside = at >= 0 && at + 1 < bytes.length;
      return inside ? bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 : -1;
    };
  }

  /** The operations of a kind, in their order. */
  public static List<Integer> all(RegionGraph graph, IrOp op) {
    IrBlock code = graph.code();
    List<Integer> found = new ArrayList<>();
    for (int id = 0; id < code.size(); id++) {
      if (code.op(id) == op) {
        found.add(id);
      }
    }
    return found;
  }

  /** The node that starts with an instruction, by how many of the code stand before it. */
  public static RegionNode node(RegionGraph graph, int instruction) {
    for (RegionNode node : graph.nodes()) {
      if (!node.isEntry() && graph.code().pc(node.firstInstruction()) == PC + 4L * instruction) {
        return node;
      }
    }
    throw new IllegalArgumentException("no node starts there:\n" + graph);
  }
}
