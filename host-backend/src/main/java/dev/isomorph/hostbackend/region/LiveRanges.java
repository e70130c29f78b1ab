package dev.isomorph.hostbackend.region;

import dev.isomorph.hostbackend.lower.RegionSlots;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.ValueType;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;
import dev.isomorph.translator.region.StateForm;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Where the values of a region are needed: by operations, by phis, and by the guest's state
 * wherever the region may be left. A value is live at a point if it is needed behind that
 * operation.
 */
final class LiveRanges {
  /** What a use is worth more in an inner loop, as a shift for each level. */
  private static final int DEPTH_SHIFT = 3;

  private static final int DEEPEST = 6;

  /** What it is worth to be entered, for one that is often: the ways out share the same. */
  private static final long BUSY_ENTRY = 16;

  /** How many rounds the outermost loop of such a one takes, as a shift. */
  private static final int FEW_ROUNDS_SHIFT = 1;

  private static final int MOST_OPERANDS = 3;

  private final RegionGraph graph;
  private final IrBlock code;
  private final RegionStates states;
  private final BitSet late;
  private final BitSet unchanged;
  private final int[][] stateAt;
  private final BitSet[] points;
  private final BitSet[] liveIn;
  private final BitSet[] livePhis;
  private final BitSet placed = new BitSet();
  private final long[] weights;
  private final List<Boundary> boundaries = new ArrayList<>();

  /** Behind which operation a value is live for the last time in the current node. */
  private final int[] lastPoint;

  /**
   * A point where the region is left or entered again and again.
   *
   * @param state value by guest register
   * @param worth of a move that is not needed there
   */
  record Boundary(int[] state, long worth) {}

  /**
   * @param allowsLate whether values that only the guest's state asks for may be made late
   */
  LiveRanges(RegionGraph graph, boolean allowsLate) {
    this.graph = graph;
    code = graph.code();
    states = new RegionStates(graph);
    stateAt = new int[code.size()][];
    points = new BitSet[code.size()];
    weights = new long[code.size()];
    lastPoint = new int[code.size()];
    for (int id = 0; id < points.length; id++) {
      points[id] = new BitSet();
    }
    late = allowsLate ? findLate() : new BitSet();
    unchanged = findUnchanged();
    noteStates();
    liveIn = new BitSet[graph.nodes().size()];
    livePhis = new BitSet[liveIn.length];
    for (int i = 0; i < liveIn.length; i++) {
      liveIn[i] = new BitSet();
      livePhis[i] = new BitSet();
    }
    solve();
    weigh();
  }

  /** Values that only the guest's state asks for and that can be made when it does. */
  private BitSet findLate() {
    BitSet used = new BitSet();
    for (RegionNode node : graph.nodes()) {
      for (RegionEdge edge : node.in()) {
        for (int id = node.start(); id < node.end() && graph.isPhi(id); id++) {
          used.set(states.input(id, edge));
        }
      }
    }
    BitSet found = new BitSet();
    for (int id = code.size() - 1; id >= 0; id--) {
      if (code.op(id).effect() == IrOp.Effect.STATE) {
        continue;
      }
      if (!used.get(id) && StateForm.isStep(code, id)) {
        found.set(id);
      } else {
        markOperands(id, used);
      }
    }
    return found;
  }

  /**
   * Guest registers that are in the register file outside, and have there what they have inside.
   */
  private BitSet findUnchanged() {
    BitSet found = new BitSet();
    for (int slot = 0; slot < StateSlot.FRM; slot++) {
      found.set(slot, !RegionSlots.isRegister(RegionSlots.outside(slot)));
    }
    for (int id = 0; id < code.size(); id++) {
      if (graph.isPhi(id)) {
        found.clear(RegionGraph.registerOf(graph.slotOf(id)));
      } else if (code.op(id).effect() == IrOp.Effect.STATE) {
        found.clear(RegionGraph.registerOf((int) code.imm(id)));
      }
    }
    return found;
  }

  private void markOperands(int id, BitSet used) {
    for (int i = 0; i < code.op(id).operands(); i++) {
      used.set(code.operand(id, i));
    }
  }

  private void noteStates() {
    for (RegionNode node : graph.nodes()) {
      states.begin(node);
      int[] shared = null;
      int first = graph.body(node);
      for (int id = node.start(); id < node.end(); id++) {
        if (id == first && node.polls() || mayLeave(id)) {
          if (shared == null) {
            shared = states.current().clone();
          }
          stateAt[id] = shared;
        }
        states.step(id);
        switch (code.op(id)) {
          case PUT, PUTF, GET, GETF -> shared = null;
          default -> {}
        }
      }
    }
  }

  private boolean mayLeave(int id) {
    return code.mayLeave(id) && code.op(id).effect() != IrOp.Effect.EXIT;
  }

  private int firstOperation(RegionNode node) {
    int id = node.start();
    while (graph.isPhi(id)) {
      id++;
    }
    return id;
  }

  private void solve() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = graph.nodes().size() - 1; i >= 0; i--) {
        BitSet phis = livePhis[i];
        BitSet live = walk(graph.nodes().get(i));
        changed |= !live.equals(liveIn[i]) || !phis.equals(livePhis[i]);
        liveIn[i] = live;
      }
    }
    for (BitSet in : liveIn) {
      placed.or(in);
    }
    for (RegionNode node : graph.nodes()) {
      notePoints(node);
    }
  }

  /** Goes backwards through a node; returns what is live at its start. */
  private BitSet walk(RegionNode node) {
    BitSet live = new BitSet(code.size());
    int first = firstOperation(node);
    for (int id = node.end() - 1; id >= first; id--) {
      if (code.op(id).type() != ValueType.NONE) {
        live.clear(id);
      }
      addNeeds(live, id);
    }
    livePhis[node.index()] = live.get(0, first);
    livePhis[node.index()].clear(0, node.start());
    live.clear(node.start(), first);
    return live;
  }

  /** As {@link #walk}, noting from where to where values are live. */
  private void notePoints(RegionNode node) {
    BitSet live = new BitSet(code.size());
    int first = firstOperation(node);
    for (int id = node.end() - 1; id >= first; id--) {
      if (code.op(id).type() != ValueType.NONE && live.get(id)) {
        live.clear(id);
        points[id].set(id, lastPoint[id] + 1);
      }
      BitSet needs = new BitSet();
      addNeeds(needs, id);
      needs.andNot(live);
      for (int value = needs.nextSetBit(0); value >= 0; value = needs.nextSetBit(value + 1)) {
        lastPoint[value] = id - 1;
        live.set(value);
      }
    }
    for (int value = live.nextSetBit(0); value >= 0; value = live.nextSetBit(value + 1)) {
      // None if the first operation uses it last.
      points[value].set(node.start(), Math.max(lastPoint[value] + 1, node.start()));
    }
  }

  /** What has to be live in front of an operation because of it and of what it leads to. */
  private void addNeeds(BitSet live, int id) {
    IrOp op = code.op(id);
    if (op.effect() == IrOp.Effect.EXIT) {
      need(live, graph.edges().get((int) code.imm(id)));
    }
    if (stateAt[id] != null) {
      needState(live, stateAt[id]);
    }
    if (op.effect() != IrOp.Effect.STATE && !late.get(id)) {
      addOperands(live, id, op);
    }
  }

  private void addOperands(BitSet live, int id, IrOp op) {
    for (int i = 0; i < op.operands(); i++) {
      add(live, code.operand(id, i));
    }
  }

  private void add(BitSet live, int value) {
    if (code.op(value) != IrOp.CONST) {
      live.set(value);
    }
  }

  /** What is needed beyond an edge; it has to have a place, since another node finds it there. */
  private void need(BitSet live, RegionEdge edge) {
    if (edge.isGuard()) {
      return; // Nothing has been moved yet.
    }
    if (edge.to() == null) {
      needState(live, states.at(edge));
      markOperands(edge.operation(), placed);
      return;
    }
    RegionNode to = edge.to();
    live.or(liveIn[to.index()]);
    for (int id = to.start(); id < to.end() && graph.isPhi(id); id++) {
      if (livePhis[to.index()].get(id)) {
        int input = states.input(id, edge);
        add(live, input);
        placed.set(input);
        placed.set(id);
      }
    }
  }

  private void needState(BitSet live, int[] state) {
    for (int slot = 0; slot < StateSlot.FRM; slot++) {
      if (isChanged(slot, state)) {
        int source = source(state[slot]);
        add(live, source);
        placed.set(source);
      }
    }
  }

  private void weigh() {
    noteBoundaries();
    boolean countsAll = !boundaries.isEmpty();
    for (RegionNode node : graph.nodes()) {
      for (int id = node.start(); id < node.end(); id++) {
        long worth = worth(node.depthAt(id));
        IrOp op = code.op(id);
        if (op.type() != ValueType.NONE) {
          weights[id] += worth;
        }
        if (op.effect() != IrOp.Effect.STATE && !late.get(id)) {
          int operands = op.operands();
          // Favouring what has few operands has proved good for loops, but hides what moves cost.
          for (int i = 0; i < MOST_OPERANDS; i++) {
            if (i < operands || !countsAll) {
              weights[i < operands ? code.operand(id, i) : id] += worth;
            }
          }
        }
      }
    }
  }

  private void noteBoundaries() {
    boolean isFunction = isFunction();
    int waysOut = 0;
    for (RegionEdge edge : graph.edges()) {
      waysOut += edge.to() == null ? 1 : 0;
    }
    for (RegionNode node : graph.nodes()) {
      for (RegionEdge edge : node.out()) {
        long worth = worth(node.depth());
        if (isFunction && (edge.isUsual() || node.isEntry())) {
          boundaries.add(new Boundary(states.at(edge), worth));
        } else if (graph.isBusy() && node.isEntry()) {
          boundaries.add(new Boundary(states.at(edge), worth));
        } else if (graph.isBusy() && edge.to() == null) {
          boundaries.add(new Boundary(changed(states.at(edge)), Math.max(1, worth(0) / waysOut)));
        }
      }
    }
  }

  private int[] changed(int[] state) {
    int[] found = state.clone();
    for (int slot = 0; slot < StateSlot.FRM; slot++) {
      found[slot] = isChanged(slot, state) ? state[slot] : RegionStates.UNTOUCHED;
    }
    return found;
  }

  /** Whether the region is a function, which is entered by calls, and calls. */
  boolean isFunction() {
    for (RegionEdge edge : graph.edges()) {
      if (edge.isUsual()) {
        return true;
      }
    }
    return false;
  }

  /** What an operation weighs, by how many loops it is part of. */
  long worth(int depth) {
    int inLoops = DEPTH_SHIFT * Math.min(depth, DEEPEST);
    if (!graph.isBusy()) {
      return 1L << inLoops;
    }
    return BUSY_ENTRY << (depth == 0 ? 0 : inLoops - DEPTH_SHIFT + FEW_ROUNDS_SHIFT);
  }

  /**
   * Where guest registers go to where they are outside of the region again and again, or come from
   * there: a function's entry and return, and its calls; or where a loop is entered and left that
   * is entered often.
   */
  List<Boundary> boundaries() {
    return boundaries;
  }

  RegionStates states() {
    return states;
  }

  /** Whether a guest register is, in a state, not what the register file has, but some value. */
  boolean isChanged(int slot, int[] state) {
    return state[slot] != RegionStates.UNTOUCHED && !unchanged.get(slot);
  }

  /**
   * Whether the register file has to keep what it has of a guest register: the region does not
   * write it, and when it is left nothing is put there.
   */
  boolean isUnchanged(int slot) {
    return unchanged.get(slot);
  }

  /** The guest state at an operation that may leave or polls; null at others. */
  int[] stateAt(int id) {
    return stateAt[id];
  }

  /** The guest state at the start of a node that polls. */
  int[] stateAtEntry(RegionNode node) {
    return stateAt[graph.body(node)];
  }

  /** Whether a value is made only when the guest's state is asked for. */
  boolean isLate(int id) {
    return late.get(id);
  }

  /** What a value of the guest's state is made from. */
  int source(int value) {
    int source = value;
    while (isMade(source)) {
      source = code.a(source);
    }
    return source;
  }

  /** How it is made from that. */
  StateForm form(int value) {
    return isMade(value) ? form(code.a(value)).then(code, value) : StateForm.PLAIN;
  }

  /** A name is not at hand at its node's poll, late or not. */
  private boolean isMade(int value) {
    return late.get(value) || graph.isName(value);
  }

  /** The operations behind which a value is live. */
  BitSet points(int value) {
    return points[value];
  }

  /** Whether anybody needs a value. */
  boolean isNeeded(int value) {
    return !points[value].isEmpty();
  }

  /** Whether a value is needed by an operation behind it, or beyond. */
  boolean isNeededBy(int value, int id) {
    return points[value].get(id - 1);
  }

  /** Whether a value is needed by another node or by the guest's state. */
  boolean isPlaced(int value) {
    return placed.get(value) && isNeeded(value);
  }

  /** What a register is worth for a value. */
  long weight(int value) {
    return weights[value];
  }
}
