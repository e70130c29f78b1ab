package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionPassObserver;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Rebuilds the operations of a region, each in its simplest form, with what is known of its
 * operands from all nodes that come before it: phis that are no choice disappear, equal values are
 * computed once, operations that look at less than all of a value take it as it was before an
 * extension or a canonical NaN, and a function that is sure to return to its caller just does.
 */
public final class RegionOptimizer {
  private final Set<Pass> passes;
  private final IntegerRules integerRules;
  private final StrengthReduction strengths;
  private final DivisionPairs pairs;
  private final KnownMemory memory = new KnownMemory();
  private final RegionGraph graph;
  private final IrBlock from;
  private final IrBlock out = new IrBlock();
  private final Dominators dominators;
  private final PhiPruner phis;
  private final ValueTable known = new ValueTable(out);
  private final int[] renamed;
  private int[] nodeOf = new int[256];
  private RegionNode node;
  private int instruction;

  /** Whether the rest of the node is never reached. */
  private boolean isCutOff;

  private RegionOptimizer(RegionGraph graph, Set<Pass> passes) {
    this.graph = graph;
    this.passes = passes;
    integerRules = new IntegerRules(passes);
    boolean reduces = passes.contains(Pass.STRENGTH);
    strengths = reduces ? new StrengthReduction(out, this::once) : null;
    pairs = reduces ? new DivisionPairs(graph) : null;
    from = graph.code();
    renamed = new int[from.size()];
    dominators = new Dominators(graph);
    phis = passes.contains(Pass.PHIS) ? new PhiPruner(graph) : null;
  }

  /** Optimises a region in place, by all passes. */
  public static void optimise(RegionGraph graph) {
    optimise(graph, Pass.ALL, RegionPassObserver.NONE);
  }

  /** Optimises a region in place, by some passes, while somebody looks on. */
  public static void optimise(RegionGraph graph, Set<Pass> passes, RegionPassObserver observer) {
    if (passes.contains(Pass.SUPPOSITIONS)) {
      Suppositions.take(graph);
    } else {
      graph.suppose(List.of());
    }
    new RegionOptimizer(graph, passes).run();
    observer.after("simplified", graph);
    if (RegionNumbers.join(graph, passes)) {
      new RegionOptimizer(graph, passes).run();
      observer.after("bytes joined", graph);
    }
    if (passes.contains(Pass.INVARIANTS)) {
      LoopInvariants.move(graph);
      observer.after("invariants moved", graph);
    }
    if (passes.contains(Pass.DISPLACEMENTS)) {
      Displacements.take(graph);
      observer.after("displacements taken in", graph);
    }
    if (!graph.suppositions().isEmpty()) {
      Suppositions.check(graph);
      observer.after("suppositions checked", graph);
    }
    if (passes.contains(Pass.WORDS)) {
      Words.bare(graph);
      observer.after("words bared", graph);
    }
    if (passes.contains(Pass.FLOATS)) {
      Floats.bare(graph);
      observer.after("floats bared", graph);
    }
    if (passes.contains(Pass.FLOAT_BRANCHES)) {
      FloatBranches.settle(graph);
      observer.after("float branches settled", graph);
    }
    if (passes.contains(Pass.SINKING) && Sinking.move(graph)) {
      observer.after("moved behind loops", graph);
    }
    if (passes.contains(Pass.DEAD_CODE)) {
      RegionDeadCode.remove(graph);
      observer.after("dead code removed", graph);
    }
    if (passes.contains(Pass.FUSED_LOADS)) {
      BlockRewrite fused = new FusedLoads().run(graph.code(), new IrBlock());
      if (fused != null) {
        fused.apply(graph);
        observer.after("loads fused", graph);
      }
    }
  }

  private void run() {
    out.copyInstructions(from);
    for (RegionNode next : graph.nodes()) {
      node = next;
      int start = out.size();
      integerRules.floor(start);
      memory.enter(node);
      isCutOff = false;
      for (int id = node.start(); id < node.end() && !isCutOff; id++) {
        instruction = from.instructionOf(id);
        renamed[id] = rebuild(id);
      }
      node.range(start, out.size());
    }
    graph.code(out);
  }

  private int rebuild(int id) {
    IrOp op = from.op(id);
    if (graph.isPhi(id)) {
      int same = phis == null ? id : phis.replacement(id);
      return same != id ? renamed[same] : emit(op, NONE, NONE, NONE, from.imm(id));
    }
    int operands = op.operands();
    int a = operands > 0 ? operand(op, Demand.ofFirst(op, Demand.ALL), from.a(id)) : NONE;
    int b = operands > 1 ? operand(op, Demand.ofSecond(op, Demand.ALL), from.b(id)) : NONE;
    int c = operands > 2 ? operand(op, Demand.ALL, from.c(id)) : NONE;
    long imm = from.imm(id);
    return switch (op.effect()) {
      case PURE -> {
        boolean isPair = pairs != null && (pairs.isFirst(id) || pairs.isSecond(id));
        yield isPair ? pair(id) : pure(op, a, b, c, imm);
      }
      case STATE, FLAGS -> emit(op, a, b, c, imm);
      case MEMORY_READ, MEMORY_WRITE -> access(op, a, b, c, imm);
      case EXIT -> {
        exit(op, a, b, graph.edges().get((int) imm));
        yield NONE;
      }
    };
  }

  /** The operand as far as it is looked at. */
  private int operand(IrOp op, byte demand, int original) {
    int value = renamed[original];
    if (!passes.contains(Pass.NARROWING)) {
      return value;
    }
    if (demand == Demand.WORD) {
      while (Demand.changesNoWord(out.op(value))) {
        value = out.a(value);
      }
      return wider(value);
    } else if (out.op(value) == IrOp.CANON_D && Demand.ignoresDoubleNans(op)
        || out.op(value) == IrOp.CANON_S && Demand.ignoresSingleNans(op)) {
      value = out.a(value);
    }
    return value;
  }

  /** What is as good as a word operation as long as only the low word is looked at. */
  private int wider(int value) {
    IrOp wide =
        switch (out.op(value)) {
          case ADD32 -> IrOp.ADD;
          case SUB32 -> IrOp.SUB;
          case MUL32 -> IrOp.MUL;
          default -> null;
        };
    int found = wide == null ? NONE : atHand(wide, out.a(value), out.b(value), NONE, 0);
    return found == NONE ? value : found;
  }

  private int emit(IrOp op, int a, int b, int c, long imm) {
    int id = out.emitFor(instruction, op, a, b, c, imm);
    note(id);
    return id;
  }

  private void exit(IrOp op, int a, int b, RegionEdge edge) {
    isCutOff = op == IrOp.EXIT_EQ && areEqual(a, b) && staysInside(edge);
    if (isCutOff) {
      edge.operation(emit(IrOp.JUMP, NONE, NONE, NONE, edge.index()));
      while (node.out().getLast() != edge) {
        graph.remove(node.out().getLast());
      }
    } else {
      edge.operation(emit(op, a, b, NONE, edge.index()));
    }
    memory.leave(edge);
  }

  private boolean areEqual(int a, int b) {
    return passes.contains(Pass.CONSTANTS)
        && out.isConstant(a)
        && out.isConstant(b)
        && out.imm(a) == out.imm(b);
  }

  /** Whether an edge leads to another node, while all behind it in its node lead out. */
  private static boolean staysInside(RegionEdge edge) {
    boolean isBehind = false;
    for (RegionEdge other : edge.from().out()) {
      if (isBehind && other.to() != null) {
        return false;
      }
      isBehind |= other == edge;
    }
    return edge.to() != null;
  }

  private int access(IrOp op, int a, int b, int c, long imm) {
    if (op.accessedBytes() == 0) {
      memory.forget();
      return emit(op, a, b, c, imm);
    }
    if (op.effect() == IrOp.Effect.MEMORY_WRITE) {
      memory.accessed(out, op, a, imm, b);
      return emit(op, a, b, c, imm);
    }
    KnownMemory.Found found = passes.contains(Pass.LOADS) ? memory.find(out, op, a, imm) : null;
    if (found != null) {
      return found.extension() == null
          ? found.value()
          : pure(found.extension(), found.value(), NONE, NONE, 0);
    }
    int value = emit(op, a, b, c, imm);
    memory.accessed(out, op, a, imm, value);
    return value;
  }

  private void note(int id) {
    if (nodeOf.length <= id) {
      nodeOf = Arrays.copyOf(nodeOf, 2 * id);
    }
    nodeOf[id] = node.index();
  }

  private int pure(IrOp op, int a, int b, int c, long imm) {
    if (op == IrOp.GET || op == IrOp.GETF) {
      return emit(op, a, b, c, imm);
    }
    if (IntegerSemantics.defines(op)) {
      if (areConstant(op, a, b, c)) {
        return passes.contains(Pass.CONSTANTS)
            ? once(IrOp.CONST, NONE, NONE, NONE, apply(op, a, b, c))
            : once(op, a, b, c, imm);
      }
      if (isOfWords(op, a, b)) {
        return pure(IrOp.SEXT32, pure(op, word(a), word(b), NONE, 0), NONE, NONE, 0);
      }
      int cheaper = strengths == null ? NONE : strengths.apply(op, a, b);
      if (cheaper != NONE) {
        return cheaper;
      }
      int before = out.size();
      int result = integerRules.apply(out, instruction, op, a, b, c);
      for (int id = before; id < out.size(); id++) {
        note(id);
      }
      return result == out.size() - 1 && result == before ? unify(result) : result;
    }
    int same = passes.contains(Pass.RULES) ? FloatRules.sameAs(out, op, a, b) : NONE;
    return same != NONE ? same : once(op, a, b, c, imm);
  }

  /**
   * Whether a bitwise operation does the same before as after its operands' sign extension, which
   * then may be needed no more.
   */
  private boolean isOfWords(IrOp op, int a, int b) {
    boolean isBitwise = op == IrOp.AND || op == IrOp.OR || op == IrOp.XOR;
    return isBitwise
        && passes.contains(Pass.NARROWING)
        && (out.op(a) == IrOp.SEXT32 || out.op(b) == IrOp.SEXT32)
        && isWord(a)
        && isWord(b);
  }

  private boolean isWord(int value) {
    return switch (out.op(value)) {
      case SEXT32, LD32S -> true;
      case CONST -> KnownBits.isExtended(out, value, IrOp.SEXT32);
      default -> false;
    };
  }

  private int word(int value) {
    return out.op(value) == IrOp.SEXT32 ? out.a(value) : value;
  }

  /** A quotient or a remainder where the other one is wanted, too: both, side by side. */
  private int pair(int id) {
    IrOp op = pairs.meaning(id);
    int a = operand(op, Demand.ofFirst(op, Demand.ALL), from.a(id));
    int b = operand(op, Demand.ofSecond(op, Demand.ALL), pairs.divisor(id));
    if (out.isConstant(b)) {
      return pure(op, a, b, NONE, 0);
    }
    if (pairs.isSecond(id)) {
      return once(op, a, b, NONE, 0);
    }
    IrOp divide = DivisionPairs.quotient(op);
    int quotient = once(divide, a, b, NONE, 0);
    int remainder = once(DivisionPairs.remainder(divide), a, b, NONE, 0);
    return op == divide ? quotient : remainder;
  }

  private long apply(IrOp op, int a, int b, int c) {
    return IntegerSemantics.apply(op, imm(a), imm(b), imm(c));
  }

  private long imm(int value) {
    return value == NONE ? 0 : out.imm(value);
  }

  private boolean areConstant(IrOp op, int a, int b, int c) {
    int operands = op.operands();
    return out.isConstant(a)
        && (operands < 2 || out.isConstant(b))
        && (operands < 3 || out.isConstant(c));
  }

  /** Emits a pure operation unless its value is at hand. */
  private int once(IrOp op, int a, int b, int c, long imm) {
    return unify(emit(op, a, b, c, imm));
  }

  /** An equal value from before, if there is one; dead code removal takes the new one then. */
  private int unify(int id) {
    int earlier = atHand(out.op(id), out.a(id), out.b(id), out.c(id), out.imm(id));
    if (earlier != NONE) {
      return earlier;
    }
    known.note(id);
    return id;
  }

  /** The value of an operation from before; {@link IrBlock#NONE} if there is none. */
  private int atHand(IrOp op, int a, int b, int c, long imm) {
    int earlier = passes.contains(Pass.VALUES) ? known.find(op, a, b, c, imm) : NONE;
    return earlier != NONE && isSureToRunBefore(earlier) ? earlier : NONE;
  }

  /** Nodes are left in their middle, too: only what comes before that runs on every way. */
  private boolean isSureToRunBefore(int id) {
    RegionNode at = graph.nodes().get(nodeOf[id]);
    if (at == node) {
      return true;
    }
    for (RegionEdge edge : at.out()) {
      if (edge.to() != null) {
        return id < edge.operation() && dominators.dominates(at.index(), node.index());
      }
    }
    return false;
  }
}
