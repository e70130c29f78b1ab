package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.Supposition;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Relies on what guest registers have been seen to hold where that gains much: a divisor that
 * compilers have put into a register in front of the loop is a number, so that quotients cost no
 * division; and what is stored in pieces at one register's address and loaded at another one's is
 * known to be at one place ({@link StoredPieces}). The region is not entered with anything else.
 */
final class Suppositions {
  private final RegionGraph graph;
  private final IrBlock code;

  /** A register that is written where the region is left only has phis that are no choice. */
  private final PhiPruner phis;

  /** By register, what it holds outside; {@link IrBlock#NONE} if the region does not look. */
  private final int[] outside = new int[StateSlot.F0];

  private final List<Supposition> used = new ArrayList<>();

  private Suppositions(RegionGraph graph) {
    this.graph = graph;
    code = graph.code();
    phis = new PhiPruner(graph);
    Arrays.fill(outside, NONE);
    RegionNode entry = graph.nodes().getFirst();
    for (int id = entry.start(); id < entry.end(); id++) {
      if (code.op(id) == IrOp.GET && code.imm(id) < StateSlot.F0) {
        outside[(int) code.imm(id)] = id;
      }
    }
  }

  /** Puts to use what is supposed of a region; it is left with those that have to be checked. */
  static void take(RegionGraph graph) {
    Suppositions taking = new Suppositions(graph);
    if (taking.isEnteredOnce()) {
      taking.find();
    }
    graph.suppose(List.copyOf(taking.used));
    if (!taking.used.isEmpty()) {
      taking.rewrite();
    }
  }

  private boolean isEnteredOnce() {
    for (RegionNode node : graph.nodes()) {
      if (node.isEntry() && node.index() > 0) {
        return false;
      }
    }
    return true;
  }

  private void find() {
    for (Supposition each : graph.suppositions()) {
      boolean isKnown =
          outside[StateSlot.x(each.register())] != NONE
              && (each.isConstant() || outside[StateSlot.x(each.base())] != NONE);
      if (isKnown && (each.isConstant() ? isDivisor(each) : joinsPieces(each))) {
        used.add(each);
      }
    }
  }

  private boolean isDivisor(Supposition number) {
    if (number.distance() >= -1 && number.distance() <= 1) {
      return false;
    }
    for (int id = 0; id < code.size(); id++) {
      if (code.op(id).divides()
          && phis.replacement(code.b(id)) == outside[StateSlot.x(number.register())]) {
        return true;
      }
    }
    return false;
  }

  /** Whether a load is of more than a store to the same place, one by each of both registers. */
  private boolean joinsPieces(Supposition sum) {
    for (int store = 0; store < code.size(); store++) {
      MemoryPlace piece =
          code.op(store).effect() == IrOp.Effect.MEMORY_WRITE ? byBase(store, sum) : null;
      if (piece != null && isLoaded(store, piece, sum)) {
        return true;
      }
    }
    return false;
  }

  private boolean isLoaded(int store, MemoryPlace piece, Supposition sum) {
    for (int load = 0; load < code.size(); load++) {
      if (code.op(load).effect() == IrOp.Effect.MEMORY_READ) {
        MemoryPlace whole = byBase(load, sum);
        if (whole != null
            && whole.size() > piece.size()
            && !whole.isApartFrom(piece)
            && MemoryPlace.of(code, load).root() != MemoryPlace.of(code, store).root()) {
          return true;
        }
      }
    }
    return false;
  }

  /** What is accessed, from the base on; null if it is by neither of both registers. */
  private MemoryPlace byBase(int access, Supposition sum) {
    if (code.op(access).accessedBytes() == 0) {
      return null;
    }
    int base = outside[StateSlot.x(sum.base())];
    MemoryPlace place = MemoryPlace.of(code, access);
    if (place.root() == outside[StateSlot.x(sum.register())]) {
      return new MemoryPlace(base, place.offset() + sum.distance(), place.size());
    }
    return place.root() == base ? place : null;
  }

  private void rewrite() {
    BlockRewrite rewrite = new BlockRewrite(code, new IrBlock());
    for (int id = 0; id < code.size(); id++) {
      rewrite.begin(id);
      Supposition a = code.op(id).operands() > 0 ? supposed(id, code.a(id), true) : null;
      Supposition b = code.op(id).operands() > 1 ? supposed(id, code.b(id), false) : null;
      if (a == null && b == null) {
        rewrite.copy(id);
      } else {
        int newA = a == null ? rewrite.renamed[code.a(id)] : value(rewrite, id, a);
        int newB =
            b != null
                ? value(rewrite, id, b)
                : code.op(id).operands() > 1 ? rewrite.renamed[code.b(id)] : NONE;
        rewrite.renamed[id] =
            rewrite.to.emitFor(code.instructionOf(id), code.op(id), newA, newB, NONE, code.imm(id));
      }
    }
    rewrite.apply(graph);
  }

  /** What an operand is instead of a register; null if it stays. */
  private Supposition supposed(int id, int operand, boolean isFirst) {
    for (Supposition each : used) {
      boolean isPlace =
          each.isConstant()
              ? !isFirst && (code.op(id).divides() || isOfQuotient(id))
              : code.op(id) == IrOp.ADD || isFirst && code.op(id).accessedBytes() > 0;
      int value = each.isConstant() ? phis.replacement(operand) : operand;
      if (isPlace && value == outside[StateSlot.x(each.register())]) {
        return each;
      }
    }
    return null;
  }

  /** Whether an operation is a quotient times something: its divisor, for a remainder. */
  private boolean isOfQuotient(int id) {
    boolean multiplies = code.op(id) == IrOp.MUL || code.op(id) == IrOp.MUL32;
    return multiplies && code.op(code.a(id)).divides();
  }

  private int value(BlockRewrite rewrite, int owner, Supposition supposed) {
    int instruction = code.instructionOf(owner);
    int distance = rewrite.constant(instruction, supposed.distance());
    if (supposed.isConstant()) {
      return distance;
    }
    int base = rewrite.renamed[outside[StateSlot.x(supposed.base())]];
    return rewrite.emit(instruction, IrOp.ADD, base, distance);
  }

  /**
   * Has what a region relies on checked where it is entered, before anything has been computed or
   * moved.
   */
  static void check(RegionGraph graph) {
    new Suppositions(graph).check();
  }

  private void check() {
    RegionNode entry = graph.nodes().getFirst();
    int behind = entry.start();
    while (code.op(behind) == IrOp.GET || code.op(behind) == IrOp.GETF) {
      behind++;
    }
    BlockRewrite rewrite = new BlockRewrite(code, new IrBlock());
    List<RegionEdge> guards = new ArrayList<>();
    List<Integer> exits = new ArrayList<>();
    for (int id = 0; id < code.size(); id++) {
      rewrite.begin(id);
      if (id == behind) {
        for (Supposition each : graph.suppositions()) {
          RegionEdge guard = graph.addGuard(entry);
          guards.add(guard);
          exits.add(guard(rewrite, id, each, guard));
        }
      }
      rewrite.copy(id);
    }
    rewrite.apply(graph);
    for (int i = 0; i < guards.size(); i++) {
      guards.get(i).operation(exits.get(i));
    }
  }

  private int guard(BlockRewrite rewrite, int owner, Supposition supposed, RegionEdge guard) {
    int instruction = code.instructionOf(owner);
    int found = rewrite.renamed[outside[StateSlot.x(supposed.register())]];
    if (!supposed.isConstant()) {
      int base = rewrite.renamed[outside[StateSlot.x(supposed.base())]];
      found = rewrite.emit(instruction, IrOp.SUB, found, base);
    }
    int expected = rewrite.constant(instruction, supposed.distance());
    return rewrite.to.emitFor(instruction, IrOp.EXIT_NE, found, expected, NONE, guard.index());
  }
}
