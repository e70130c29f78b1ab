package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets words go from node to node as their low 32 bits, and has them compared so: what is above is
 * made where it is looked at, which may be nowhere but in the guest's state. RISC-V extends the
 * result of each operation on words; the host's operations give them as they are used here.
 *
 * <p>What a phi of a word is to the guest's state is said by a name behind it. If such a word comes
 * from outside of the region, the region is not entered with anything else.
 */
final class Words {
  private static final int SIGN = 31;

  private final RegionGraph graph;
  private final IrBlock from;
  private final IrBlock to = new IrBlock();
  private final WordValues values;
  private final int[] renamed;

  /** By operation, a value whose low word is that of it, if there is another one. */
  private final int[] low;

  /** By slot, the value that was put last in the current node. */
  private final Map<Integer, Integer> put = new HashMap<>();

  /** Values of guest registers that may be anything when the region is entered. */
  private final BitSet mixed;

  private RegionNode node;

  private Words(RegionGraph graph) {
    this.graph = graph;
    from = graph.code();
    values = new WordValues(graph);
    mixed = values.mixed();
    renamed = new int[from.size()];
    low = new int[from.size()];
    Arrays.fill(low, NONE);
  }

  /** Rebuilds a region. */
  static void bare(RegionGraph graph) {
    new Words(graph).run();
  }

  private void run() {
    to.copyInstructions(from);
    int[] starts = new int[graph.nodes().size() + 1];
    for (RegionNode next : graph.nodes()) {
      node = next;
      put.clear();
      int id = node.isEntry() ? guard() : enter();
      for (; id < node.end(); id++) {
        rebuild(id);
      }
      starts[node.index() + 1] = to.size();
    }
    for (RegionNode each : graph.nodes()) {
      each.range(starts[each.index()], starts[each.index() + 1]);
    }
    graph.code(to);
  }

  private int emit(int owner, IrOp op, int a, int b, long imm) {
    return to.emitFor(from.instructionOf(owner), op, a, b, NONE, imm);
  }

  /** Phis and names; returns the operation behind them. */
  private int enter() {
    int end = node.start();
    for (; end < node.end() && graph.isPhi(end); end++) {
      if (values.isMember(end)) {
        long slot = RegionGraph.PHI + StateSlot.WORD + graph.slotOf(end);
        low[end] = emit(end, IrOp.GET, NONE, NONE, slot);
      } else {
        renamed[end] = emit(end, from.op(end), NONE, NONE, from.imm(end));
      }
    }
    for (int phi = node.start(); phi < end; phi++) {
      if (values.isMember(phi)) {
        IrOp form = mixed.get(phi) ? IrOp.RESIGN32 : IrOp.SEXT32;
        renamed[phi] = emit(phi, form, low[phi], NONE, 0);
        emit(phi, IrOp.PUT, renamed[phi], NONE, graph.slotOf(phi));
      }
    }
    return end;
  }

  private void rebuild(int id) {
    IrOp op = from.op(id);
    int owner = from.instructionOf(id);
    // What only the state asks for may be made of what is no word yet.
    boolean isCombined =
        !values.isIdle(id) && values.isCombined(id) && values.isBare(id) && hasBare(id);
    int[] operands = {NONE, NONE, NONE};
    for (int i = 0; i < op.operands(); i++) {
      boolean isPart = isCombined && (op != IrOp.SELECT || i > 0);
      operands[i] = isPart ? low(from.operand(id, i)) : operand(id, i);
    }
    if (op.effect() == IrOp.Effect.EXIT) {
      RegionEdge edge = graph.edges().get((int) from.imm(id));
      pass(edge, id);
      edge.operation(to.emitFor(owner, op, operands[0], operands[1], operands[2], from.imm(id)));
      return;
    }
    int made = to.emitFor(owner, op, operands[0], operands[1], operands[2], from.imm(id));
    if (isCombined) {
      low[id] = made;
      made = emit(id, IrOp.SEXT32, made, NONE, 0);
    }
    renamed[id] = made;
  }

  private boolean hasBare(int id) {
    for (int i = 0; i < from.op(id).operands(); i++) {
      if (values.isBare(from.operand(id, i))) {
        return true;
      }
    }
    return false;
  }

  private int operand(int id, int index) {
    int value = from.operand(id, index);
    if (from.op(id).effect() == IrOp.Effect.STATE || values.isIdle(id)) {
      return renamed[value];
    }
    if (values.comparesWords(id)) {
      return hasBare(id) && !from.isConstant(value) ? extended(id, value) : renamed[value];
    }
    if (values.wantsAll(id, index)) {
      return values.isBare(value) ? extended(id, value) : renamed[value];
    }
    return values.isBare(value) ? low(value) : renamed[value];
  }

  /** The extension of a word, made where it is wanted. */
  private int extended(int user, int value) {
    return emit(user, IrOp.SEXT32, low(value), NONE, 0);
  }

  /** What has a word's low 32 bits. */
  private int low(int value) {
    if (low[value] != NONE) {
      return low[value];
    }
    boolean isBare = from.op(value) == IrOp.SEXT32 && values.isBare(value);
    return isBare ? low(from.a(value)) : renamed[value];
  }

  /** Says what the words are that another node gets. */
  private void pass(RegionEdge edge, int exit) {
    if (edge.to() == null) {
      return;
    }
    RegionNode next = edge.to();
    for (int phi = next.start(); phi < next.end() && graph.isPhi(phi); phi++) {
      int input = values.states().input(phi, edge);
      boolean isMade = values.isBare(input) && values.flowsWhole(phi, input);
      if (values.isMember(phi)) {
        put(exit, StateSlot.WORD + graph.slotOf(phi), isMade ? extended(exit, input) : low(input));
      } else if (isMade) {
        emit(exit, IrOp.PUT, extended(exit, input), NONE, graph.slotOf(phi));
      }
    }
  }

  private void put(int exit, int slot, int word) {
    if (!Integer.valueOf(word).equals(put.put(slot, word))) {
      emit(exit, IrOp.PUT, word, NONE, slot);
    }
  }

  /**
   * Does not enter the region with what is no word, or would be taken for another one: before
   * anything has been computed or moved. Returns the operation behind what is got from outside.
   */
  private int guard() {
    int end = node.start();
    for (; isGet(end); end++) {
      renamed[end] = to.emitCopy(from, end, from.instructionOf(end), renamed);
    }
    BitSet words = values.entering();
    for (int value = node.start(); value < end; value++) {
      if (words.get(value)) {
        int extended = emit(value, IrOp.SEXT32, renamed[value], NONE, 0);
        leave(value, IrOp.EXIT_NE, renamed[value], extended);
      } else if (mixed.get(value)) {
        int sign = emit(value, IrOp.CONST, NONE, NONE, SIGN);
        int above = emit(value, IrOp.SHR, renamed[value], sign, 0);
        leave(value, IrOp.EXIT_EQ, above, emit(value, IrOp.CONST, NONE, NONE, 1));
      }
    }
    return end;
  }

  private void leave(int owner, IrOp op, int a, int b) {
    RegionEdge edge = graph.addGuard(node);
    edge.operation(emit(owner, op, a, b, edge.index()));
  }

  private boolean isGet(int id) {
    return from.op(id) == IrOp.GET || from.op(id) == IrOp.GETF;
  }
}
