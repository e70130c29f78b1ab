package dev.isomorph.hostbackend.region;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.hostbackend.lower.Addressing;
import dev.isomorph.hostbackend.lower.Choice;
import dev.isomorph.hostbackend.lower.GuestState;
import dev.isomorph.hostbackend.lower.PageStream;
import dev.isomorph.hostbackend.lower.RegionCode;
import dev.isomorph.hostbackend.lower.RegionSlots;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.ir.TrapKind;
import dev.isomorph.translator.ir.ValueType;
import dev.isomorph.translator.opt.Pass;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.StateForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a region into blocks for the block compiler: each value that has a place is put there where
 * it is made and got from there by other nodes. Ways on which values have to move become blocks of
 * their own.
 */
public final class RegionWriter {
  /** As many entries as one is worth at which the region is not entered: the evaluator is slow. */
  private static final int REFUSAL = 32;

  /** The same if the loop's end makes it no better, and it may get another region. */
  private static final int REFUSAL_FOR_GOOD = 256;

  /** Stands for a value that the current block does not have yet. */
  private static final int ABSENT = -1;

  private final RegionGraph graph;
  private final IrBlock code;
  private final LiveRanges ranges;
  private final Places places;
  private final PageStreams streams;
  private final GuestState[] states;
  private final List<RegionCode> hot = new ArrayList<>();
  private final List<RegionCode> cold = new ArrayList<>();

  /** What hardly ever runs is behind all that jumps may lead to without one. */
  private final List<RegionCode> last = new ArrayList<>();

  private final int[] local;

  /** By node, the one that is written behind it; null behind the last one. */
  private final RegionNode[] following;

  /** A recursive function is entered often, but should not be left in other ways than it is. */
  private final boolean isFunction;

  private IrBlock block;

  /** Those of the accesses of the block. */
  private Map<Integer, PageStream> blockStreams;

  private RegionWriter(RegionGraph graph, Addressing addressing, Set<Pass> passes) {
    this.graph = graph;
    code = graph.code();
    ranges = new LiveRanges(graph, passes.contains(Pass.LATE_STATE));
    places = new Places(graph, ranges, passes.contains(Pass.COALESCING));
    states = new GuestState[code.instructionCount()];
    local = new int[code.size()];
    following = new RegionNode[graph.nodes().size()];
    isFunction = ranges.isFunction();
    boolean mayStream =
        addressing == Addressing.PAGED && !isFunction && passes.contains(Pass.STREAMS);
    streams =
        mayStream
            ? PageStreams.of(graph, ranges.states(), passes.contains(Pass.ALIASES))
            : PageStreams.none();
  }

  /**
   * A region, ready to be compiled.
   *
   * @param blocks its stretches in the order in which they are to be emitted
   * @param states where the guest's registers are, by guest instruction; null at those that cannot
   *     leave
   */
  public record Result(List<RegionCode> blocks, GuestState[] states) {}

  /**
   * Allocates registers and writes the blocks.
   *
   * @param addressing how guest memory is reached
   * @return null if more values live at once than there are places for
   */
  public static Result write(RegionGraph graph, Addressing addressing, Set<Pass> passes) {
    RegionWriter writer = new RegionWriter(graph, addressing, passes);
    if (!writer.places.suffice()) {
      return null;
    }
    List<RegionNode> layout = new ArrayList<>(graph.nodes());
    // The entry first, then as the guest has them.
    layout.sort((one, two) -> Integer.compare(one.rank(), two.rank()));
    for (int i = 1; i < layout.size(); i++) {
      writer.following[layout.get(i - 1).index()] = layout.get(i);
    }
    for (RegionNode node : layout) {
      writer.write(node);
    }
    List<RegionCode> all = ChoiceCopies.insert(writer.hot);
    all.addAll(writer.cold);
    all.addAll(writer.last);
    return new Result(all, writer.states);
  }

  private void write(RegionNode node) {
    begin();
    boolean polls = node.polls();
    if (polls) {
      noteState(node.firstInstruction(), ranges.stateAtEntry(node));
    }
    for (int id = node.start(); id < node.end(); id++) {
      if (ranges.stateAt(id) != null) {
        noteState(code.instructionOf(id), ranges.stateAt(id));
      }
      copy(id);
      if (isTurned(id)) {
        break;
      }
    }
    int first = node.firstInstruction();
    int executes = node.isEntry() ? RegionCode.NONE : first;
    RegionCode stretch =
        RegionCode.inside(node.index(), block, executes, polls ? first : -1, blockStreams);
    hot.add(hot.isEmpty() && !isFunction ? stretch.counted(1) : stretch);
    IrBlock written = block;
    for (RegionEdge edge : node.out()) {
      if (needsBlock(edge)) {
        write(edge);
      }
    }
    block = written;
  }

  private void begin() {
    block = new IrBlock();
    blockStreams = new HashMap<>();
    block.copyInstructions(code);
    Arrays.fill(local, ABSENT);
  }

  private void noteState(int instruction, int[] values) {
    if (states[instruction] != null) {
      return;
    }
    GuestState state = new GuestState();
    for (int slot = 0; slot < StateSlot.FRM; slot++) {
      if (!ranges.isChanged(slot, values)) {
        continue;
      }
      int value = values[slot];
      int source = ranges.source(value);
      StateForm form = ranges.form(value);
      if (code.isConstant(source)) {
        state.addConstant(slot, form.of(code.imm(source)));
      } else if (places.of(source) != slot || form != StateForm.PLAIN) {
        state.add(slot, places.of(source), form);
      }
    }
    states[instruction] = state;
  }

  private void copy(int id) {
    IrOp op = code.op(id);
    if (op.effect() == IrOp.Effect.STATE || graph.isPhi(id) || ranges.isLate(id)) {
      return;
    }
    if (op == IrOp.CONST) {
      return;
    }
    int owner = code.instructionOf(id);
    if (op.effect() == IrOp.Effect.EXIT) {
      copyExit(id, op, owner);
      return;
    }
    boolean isEntry = op == IrOp.GET || op == IrOp.GETF;
    long imm = isEntry ? RegionSlots.outside((int) code.imm(id)) : code.imm(id);
    int operands = op.operands();
    int a = operands > 0 ? operand(code.a(id)) : NONE;
    int b = operands > 1 ? operand(code.b(id)) : NONE;
    int c = operands > 2 ? operand(code.c(id)) : NONE;
    local[id] = block.emitFor(owner, op, a, b, c, imm);
    if (streams.of(id) != null) {
      blockStreams.put(local[id], streams.of(id));
    }
    if (!isEntry) {
      settle(id, owner);
    }
  }

  /** Puts a new value to its place. */
  private void settle(int id, int owner) {
    int place = places.of(id);
    if (code.op(id).type() != ValueType.NONE && place != Places.NONE && ranges.isNeeded(id)) {
      put(owner, place, local[id]);
    }
  }

  private void put(int owner, int place, int value) {
    IrOp op = block.op(value).type() == ValueType.FLOAT ? IrOp.PUTF : IrOp.PUT;
    block.emitFor(owner, op, value, NONE, NONE, place);
  }

  /** The value in the current block. */
  private int operand(int value) {
    if (local[value] == ABSENT) {
      IrOp op = code.op(value);
      if (op == IrOp.CONST) {
        local[value] = constant(code.imm(value));
      } else {
        IrOp get = op.type() == ValueType.FLOAT ? IrOp.GETF : IrOp.GET;
        local[value] = block.emitFor(0, get, NONE, NONE, NONE, places.of(value));
      }
    }
    return local[value];
  }

  private void copyExit(int id, IrOp op, int owner) {
    RegionEdge edge = graph.edges().get((int) code.imm(id));
    if (edge.from().isEntry() && !edge.isGuard()) {
      enter(edge, owner);
      return;
    }
    if (isTurned(id)) {
      turn(id, op, owner);
    } else if (op.isSideExit()) {
      int a = operand(code.a(id));
      int b = operand(code.b(id));
      block.emitFor(owner, op, a, b, NONE, label(edge));
    } else if (edge.to() != null) {
      movePhis(edge, owner);
      block.emitFor(owner, IrOp.JUMP, NONE, NONE, NONE, edge.to().index());
    } else {
      int executed = edge.isBefore() ? owner - 1 : owner;
      block.emitFor(executed, IrOp.JUMP, NONE, NONE, NONE, label(edge));
    }
  }

  /**
   * Whether a branch is better taken the other way round: it leads to what is written behind it, or
   * stays inside and values have to move, while what follows leaves the region.
   */
  private boolean isTurned(int id) {
    boolean ends = code.op(id).isSideExit() && code.op(id + 1).effect() == IrOp.Effect.EXIT;
    if (!ends || code.op(id + 1).isSideExit() || code.op(id + 1) == IrOp.TRAP) {
      return false;
    }
    if (Choice.around(code, id) != null) {
      return false;
    }
    RegionEdge taken = graph.edges().get((int) code.imm(id));
    RegionEdge next = graph.edges().get((int) code.imm(id + 1));
    if (taken.to() == null || next.isUsual()) {
      return false;
    }
    boolean isFollowing = following[taken.from().index()] == taken.to();
    return next.to() == null
        ? isFollowing || needsMoves(taken)
        : isFollowing && code.instructionOf(id) == code.instructionOf(id + 1);
  }

  /** Whether a jump has become the branch, since that has been turned. */
  private boolean isBehindTurned(int exit) {
    return exit > 0 && isTurned(exit - 1);
  }

  private void turn(int id, IrOp op, int owner) {
    int a = operand(code.a(id));
    int b = operand(code.b(id));
    RegionEdge next = graph.edges().get((int) code.imm(id + 1));
    block.emitFor(owner, op.opposite(), a, b, NONE, label(next));
    RegionEdge taken = graph.edges().get((int) code.imm(id));
    movePhis(taken, owner);
    block.emitFor(owner, IrOp.JUMP, NONE, NONE, NONE, taken.to().index());
  }

  /** From where guest registers are outside to their places. */
  private void enter(RegionEdge edge, int owner) {
    RegionNode entry = edge.from();
    for (int id = entry.start(); id < entry.end() - 1; id++) {
      IrOp op = code.op(id);
      if (op != IrOp.GET && op != IrOp.GETF) {
        continue; // It is where it belongs already.
      }
      int place = places.of(id);
      boolean isThere = place == RegionSlots.outside((int) code.imm(id));
      // What only a guard has looked at may share its place with what has been computed since.
      boolean isNeeded = ranges.isNeededBy(id, edge.operation());
      if (place != Places.NONE && isNeeded && !isThere) {
        put(owner, place, local[id]);
      }
    }
    movePhis(edge, owner);
    block.emitFor(owner, IrOp.JUMP, NONE, NONE, NONE, edge.to().index());
  }

  private int constant(long value) {
    return block.emitFor(0, IrOp.CONST, NONE, NONE, NONE, value);
  }

  private int label(RegionEdge edge) {
    return needsBlock(edge) ? graph.nodes().size() + edge.index() : edge.to().index();
  }

  /** Whether an edge cannot just be jumped along. */
  private boolean needsBlock(RegionEdge edge) {
    if (edge.to() == null) {
      return true;
    }
    int exit = edge.operation();
    boolean isBranch = code.op(exit).isSideExit() ? !isTurned(exit) : isBehindTurned(exit);
    return isBranch && needsMoves(edge);
  }

  private boolean needsMoves(RegionEdge edge) {
    RegionNode to = edge.to();
    for (int id = to.start(); id < to.end() && graph.isPhi(id); id++) {
      if (moves(id, edge)) {
        return true;
      }
    }
    return !streams.startingAt(edge).isEmpty();
  }

  private boolean moves(int phi, RegionEdge edge) {
    int place = places.of(phi);
    return place != Places.NONE
        && ranges.isNeeded(phi)
        && places.of(ranges.states().input(phi, edge)) != place;
  }

  private void movePhis(RegionEdge edge, int owner) {
    RegionNode to = edge.to();
    List<int[]> moves = new ArrayList<>();
    for (int id = to.start(); id < to.end() && graph.isPhi(id); id++) {
      if (moves(id, edge)) {
        moves.add(new int[] {places.of(id), operand(ranges.states().input(id, edge))});
      }
    }
    for (PageStreams.Start start : streams.startingAt(edge)) {
      moves.add(new int[] {RegionSlots.start(start.stream()), operand(start.address())});
    }
    for (int[] move : moves) {
      put(owner, move[0], move[1]);
    }
  }

  /** The block of an edge: moves, and the jump. */
  private void write(RegionEdge edge) {
    begin();
    int exit = edge.operation();
    int owner = code.instructionOf(exit);
    if (edge.isGuard()) {
      int refusal = graph.suppositions().isEmpty() ? REFUSAL : REFUSAL_FOR_GOOD;
      int evaluate = TrapKind.EVALUATE.ordinal();
      block.emitFor(owner, IrOp.TRAP, NONE, NONE, NONE, evaluate);
      last.add(RegionCode.wayOut(label(edge), block, owner, -1).counted(refusal));
    } else if (edge.to() != null) {
      movePhis(edge, owner);
      block.emitFor(owner, IrOp.JUMP, NONE, NONE, NONE, edge.to().index());
      cold.add(RegionCode.inside(label(edge), block, RegionCode.NONE, -1, Map.of()));
    } else {
      leave(edge, exit, owner);
      int entry = edge.comesBack() == null ? -1 : edge.comesBack().index();
      // Behind a turned branch the instruction that leaves has not come to its turn yet.
      boolean isNew = isBehindTurned(exit) && owner != code.instructionOf(exit - 1);
      int executes = isNew ? owner : RegionCode.NONE;
      RegionCode stretch = RegionCode.wayOut(label(edge), block, executes, entry);
      if (edge.isUsual()) {
        hot.add(stretch);
      } else {
        cold.add(isFunction ? stretch.counted(1) : stretch);
      }
    }
  }

  /** Brings guest registers to where they are outside, and jumps. */
  private void leave(RegionEdge edge, int exit, int owner) {
    IrOp op = code.op(exit);
    boolean isJump = op.isSideExit() || op == IrOp.JUMP;
    int a = !isJump && op.operands() > 0 ? operand(code.a(exit)) : NONE;
    int b = !isJump && op.operands() > 1 ? operand(code.b(exit)) : NONE;
    int[] state = ranges.states().at(edge);
    List<int[]> moves = new ArrayList<>();
    for (int slot = 0; slot < StateSlot.FRM; slot++) {
      if (ranges.isChanged(slot, state)) {
        int source = ranges.source(state[slot]);
        StateForm form = ranges.form(state[slot]);
        int outside = RegionSlots.outside(slot);
        if (form != StateForm.PLAIN || code.isConstant(source) || places.of(source) != outside) {
          moves.add(new int[] {outside, inForm(owner, form, operand(source))});
        }
      }
    }
    for (int[] move : moves) {
      put(owner, move[0], move[1]);
    }
    block.emitFor(owner, isJump ? IrOp.JUMP : op, a, b, NONE, edge.pc());
  }

  private int inForm(int owner, StateForm form, int bare) {
    if (form == StateForm.PLAIN) {
      return bare;
    }
    int value = form.before() == null ? bare : inForm(owner, form.before(), bare);
    int second = form.op().operands() > 1 ? constant(form.constant()) : NONE;
    return block.emitFor(owner, form.op(), value, second, NONE, 0);
  }
}
