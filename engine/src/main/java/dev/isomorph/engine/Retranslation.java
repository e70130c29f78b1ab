package dev.isomorph.engine;

import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.CpuFeatures;
import dev.isomorph.hostbackend.lower.BlockCompiler;
import dev.isomorph.hostbackend.lower.CodeMap;
import dev.isomorph.hostbackend.lower.RegionCode;
import dev.isomorph.hostbackend.lower.RegionCompiler;
import dev.isomorph.hostbackend.lower.RegionSlots;
import dev.isomorph.hostbackend.lower.Stubs;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.IrPrinter;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.LoopUnrolling;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.Pass;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionPrinter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A translation made once more from what it was made of, to show how it came about: the IR between
 * all steps, and what each part of the host code is for.
 */
public final class Retranslation {
  /** Stands for an address that is not known before. */
  public static final long INDIRECTLY = -1;

  private final List<Stage> stages = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final CodeMap codeMap = new CodeMap();
  private final BlockCompiler compiler;
  private long[] pcs;
  private int[] encodings;
  private byte[] code;

  /**
   * The IR after a step.
   *
   * @param name of the step, for people
   */
  public record Stage(String name, List<Operation> operations) {}

  /**
   * An operation.
   *
   * @param instruction number of the guest instruction it is for
   * @param node number of the node it is in; 0 for a block's
   * @param text of the operation, or a heading of those that follow
   */
  public record Operation(int instruction, int node, String text) {}

  /**
   * A stretch of a region that is entered at its start only.
   *
   * @param first number of its first guest instruction
   * @param rank its place in the guest's own layout; -1 for the region's entry
   * @param isEntry whether the region is entered here, and none of the guest's code is executed
   * @param depth how many loops of the region it is part of; 0 for the region's entry
   * @param isHead whether a loop is entered here
   * @param successors the numbers of the nodes that may follow
   * @param leavesFor guest addresses for which the region is left from here; {@link #INDIRECTLY}
   *     for those in registers
   */
  public record Node(
      int first,
      int rank,
      boolean isEntry,
      int depth,
      boolean isHead,
      List<Integer> successors,
      List<Long> leavesFor) {}

  private Retranslation(Stubs stubs) {
    compiler = new BlockCompiler(stubs, CpuFeatures.detect(), codeMap);
  }

  /** A block once more. */
  public static Retranslation of(TranslatedBlock block, Stubs stubs) {
    Retranslation result = new Retranslation(stubs);
    IrBlock lifted = new IrBlock();
    // What ended the block then is not known; here it is the end of what it was made of.
    new BlockLifter(block.instructionCount()).lift(source(block), block.pc(), mode(block), lifted);
    result.stage("lifted", lifted);
    Optimizer optimizer = new Optimizer();
    IrBlock optimised = optimizer.optimise(lifted);
    result.stage("simplified", optimizer.simplified());
    result.stage("dead code removed", optimised);
    result.nodes.add(new Node(0, 0, false, 0, false, List.of(), List.of()));
    result.pcs = lifted.pcs();
    result.encodings = lifted.encodings();
    result.compiler.compile(optimised, block.address());
    result.finish();
    return result;
  }

  private static LiftMode mode(TranslatedBlock block) {
    return block.mode() == 0 ? LiftMode.TRANSLATE : LiftMode.TRANSLATE_UNUSUAL_ROUNDING;
  }

  /**
   * A region once more.
   *
   * @param counter by which it counts its entries or exits
   */
  public static Retranslation of(
      RegionOutline outline, int counter, TranslatedBlock region, Stubs stubs) {
    Retranslation result = new Retranslation(stubs);
    LoopOutcome outcome = CompiledRegion.of(outline, mode(region), Pass.ALL, result::stage);
    if (!(outcome instanceof CompiledRegion compiled)) {
      throw new IllegalStateException("code that was compiled cannot be any more: " + outcome);
    }
    result.pcs = compiled.source().pcs();
    result.encodings = compiled.source().encodings();
    result.stages.addFirst(result.lifted(LoopUnrolling.unroll(outline)));
    result.stages.add(result.placed(compiled.code().blocks()));
    new RegionCompiler(result.compiler)
        .compile(compiled.code().blocks(), region.address(), counter);
    result.finish();
    return result;
  }

  private static CodeSource source(TranslatedBlock block) {
    Map<Long, Integer> parcels = new HashMap<>();
    for (int i = 0; i < block.instructionCount(); i++) {
      parcels.put(block.pc(i), block.encoding(i) & 0xffff);
      if (block.instructionLength(i) == Integer.BYTES) {
        parcels.put(block.pc(i) + Short.BYTES, block.encoding(i) >>> Short.SIZE);
      }
    }
    return pc -> parcels.getOrDefault(pc, -1);
  }

  private void finish() {
    code = Arrays.copyOf(compiler.code(), compiler.codeLength());
  }

  private void stage(String name, IrBlock block) {
    List<Operation> operations = new ArrayList<>();
    for (int id = 0; id < block.size(); id++) {
      operations.add(
          new Operation(
              block.instructionOf(id),
              0,
              IrPrinter.operation(block, id, IrPrinter.Names.OF_BLOCK)));
    }
    stages.add(new Stage(name, operations));
  }

  private void stage(String name, RegionGraph graph) {
    if (nodes.isEmpty()) {
      graph.nodes().forEach(node -> nodes.add(node(graph, node)));
    }
    RegionPrinter printer = new RegionPrinter(graph);
    List<Operation> operations = new ArrayList<>();
    for (RegionNode node : graph.nodes()) {
      for (int id = node.start(); id < node.end(); id++) {
        operations.add(
            new Operation(
                graph.code().instructionOf(id), node.index(), printer.operation(node, id)));
      }
    }
    stages.add(new Stage(name, operations));
  }

  private static Node node(RegionGraph graph, RegionNode node) {
    List<Integer> successors = new ArrayList<>();
    List<Long> leavesFor = new ArrayList<>();
    for (RegionEdge edge : node.out()) {
      if (edge.to() != null) {
        successors.add(edge.to().index());
      } else {
        IrOp exit = graph.code().op(edge.operation());
        boolean isDirect = exit.isSideExit() || exit == IrOp.JUMP || exit == IrOp.CALL;
        leavesFor.add(isDirect ? edge.pc() : INDIRECTLY);
      }
    }
    return new Node(
        node.firstInstruction(),
        node.rank(),
        node.isEntry(),
        node.depth(),
        node.isHead(),
        successors,
        leavesFor);
  }

  /** The nodes before they are one graph, with the numbers that they have in there. */
  private Stage lifted(RegionOutline outline) {
    List<Operation> operations = new ArrayList<>();
    for (int i = 1; i < nodes.size(); i++) {
      if (nodes.get(i).isEntry()) {
        continue;
      }
      IrBlock lifted = new IrBlock();
      outline.nodes().get(nodes.get(i).rank()).lift(LiftMode.TRANSLATE, lifted);
      for (int id = 0; id < lifted.size(); id++) {
        operations.add(
            new Operation(
                nodes.get(i).first() + lifted.instructionOf(id),
                i,
                IrPrinter.operation(lifted, id, IrPrinter.Names.OF_BLOCK)));
      }
    }
    return new Stage("lifted", operations);
  }

  /** The stretches that are emitted, in which values have places. */
  private Stage placed(List<RegionCode> stretches) {
    List<Operation> operations = new ArrayList<>();
    for (RegionCode stretch : stretches) {
      IrPrinter.Names names = new PlaceNames(stretch.leaves());
      IrBlock block = stretch.block();
      if (stretch.first() == RegionCode.NONE && stretch != stretches.getFirst()) {
        String what =
            (stretch.leaves() ? "way out" : "moves") + " (stretch " + stretch.label() + ")";
        operations.add(operation(stretch.owner(), what));
      }
      for (int id = 0; id < block.size(); id++) {
        int owner = block.instructionOf(id);
        // What a stretch reads first is said to be of instruction 0.
        operations.add(
            operation(owner == 0 ? stretch.owner() : owner, IrPrinter.operation(block, id, names)));
      }
    }
    return new Stage("places chosen", operations);
  }

  private Operation operation(int instruction, String text) {
    return new Operation(instruction, nodeOf(instruction), text);
  }

  private int nodeOf(int instruction) {
    int node = 0;
    while (node + 1 < nodes.size() && nodes.get(node + 1).first() <= instruction) {
      node++;
    }
    return node;
  }

  /** What immediates are in the stretches of a region. */
  private record PlaceNames(boolean leaves) implements IrPrinter.Names {
    @Override
    public String slot(int slot) {
      return RegionSlots.name(slot);
    }

    @Override
    public String target(long target) {
      return leaves ? "0x" + Long.toHexString(target) : "stretch " + target;
    }
  }

  /** The IR after each step, in order. */
  public List<Stage> stages() {
    return stages;
  }

  /** The nodes of a region, in the order of their guest instructions; one node for a block. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The addresses of the guest instructions; for a region, the first is its entry's. */
  public long[] pcs() {
    return pcs.clone();
  }

  /** The encodings of the guest instructions. */
  public int[] encodings() {
    return encodings.clone();
  }

  /** The host code, before any jump of it was linked. */
  public byte[] code() {
    return code.clone();
  }

  /** What the parts of the host code are for. */
  public List<CodeMap.Part> parts() {
    return codeMap.parts();
  }
}
