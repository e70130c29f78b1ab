package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets floats go from node to node as the host computes them: without the canonical NaN and, if
 * single, without the box, which are made where somebody looks at them. That may be nobody but the
 * guest's state.
 *
 * <p>What such a phi is to the guest's state is said by a name behind it. If a float comes from
 * outside of the region, the region is not entered with one of another form.
 */
final class Floats {
  private final RegionGraph graph;
  private final IrBlock from;
  private final IrBlock to = new IrBlock();
  private final FloatValues values;
  private final int[] renamed;

  /** By value, what is as good for whoever does not look at a NaN's bits; NONE if nothing else. */
  private final int[] bare;

  /** What has been made of bare values in the current node. */
  private final Map<Integer, Integer> made = new HashMap<>();

  private RegionNode node;

  private Floats(RegionGraph graph) {
    this.graph = graph;
    from = graph.code();
    values = new FloatValues(graph);
    renamed = new int[from.size()];
    bare = new int[from.size()];
    Arrays.fill(bare, NONE);
  }

  /** Rebuilds a region. */
  static void bare(RegionGraph graph) {
    Floats floats = new Floats(graph);
    if (floats.values.isUseful()) {
      floats.run();
    }
  }

  private void run() {
    to.copyInstructions(from);
    int[] starts = new int[graph.nodes().size() + 1];
    for (RegionNode next : graph.nodes()) {
      node = next;
      made.clear();
      int guarded = node.isEntry() ? guarded() : NONE;
      for (int id = enter(); id < node.end(); id++) {
        if (id == guarded) {
          guard(id);
        }
        rebuild(id);
      }
      starts[node.index() + 1] = to.size();
    }
    for (RegionNode each : graph.nodes()) {
      each.range(starts[each.index()], starts[each.index() + 1]);
    }
    graph.code(to);
  }

  private int emit(int owner, IrOp op, int a, long imm) {
    return to.emitFor(from.instructionOf(owner), op, a, NONE, NONE, imm);
  }

  /** Phis and names; returns the operation behind them. */
  private int enter() {
    int end = node.start();
    for (; end < node.end() && graph.isPhi(end); end++) {
      if (values.isMember(end)) {
        long slot = RegionGraph.PHI + StateSlot.WORD + graph.slotOf(end);
        bare[end] = emit(end, IrOp.GETF, NONE, slot);
      } else {
        renamed[end] = emit(end, from.op(end), NONE, from.imm(end));
      }
    }
    for (int phi = node.start(); phi < end; phi++) {
      if (values.isMember(phi)) {
        renamed[phi] = whole(phi, phi);
        emit(phi, IrOp.PUTF, renamed[phi], graph.slotOf(phi));
      }
    }
    return end;
  }

  /** All bits of a phi. */
  private int whole(int user, int phi) {
    return values.form(phi).whole(to, from.instructionOf(user), bare[phi]);
  }

  private void rebuild(int id) {
    IrOp op = from.op(id);
    if (op == IrOp.UNBOX_S && values.isUnboxed(id)) {
      unbox(id);
      return;
    }
    int[] operands = {NONE, NONE, NONE};
    for (int i = 0; i < op.operands(); i++) {
      operands[i] = operand(id, from.operand(id, i));
    }
    int owner = from.instructionOf(id);
    if (op.effect() == IrOp.Effect.EXIT) {
      RegionEdge edge = graph.edges().get((int) from.imm(id));
      pass(edge, id);
      edge.operation(to.emitFor(owner, op, operands[0], operands[1], operands[2], from.imm(id)));
      return;
    }
    renamed[id] = to.emitFor(owner, op, operands[0], operands[1], operands[2], from.imm(id));
    boolean isCanonical = op == IrOp.CANON_D || op == IrOp.CANON_S;
    if (isCanonical && values.isDone(id)) {
      // One register will do for both.
      renamed[from.a(id)] = renamed[id];
      bare[id] = renamed[id];
    }
  }

  private void unbox(int id) {
    int register = from.a(id);
    if (!values.isMember(register)) {
      renamed[id] = renamed[register];
    } else if (values.form(register) == FloatForm.SINGLE) {
      bare[id] = bare[register];
      renamed[id] = emit(id, IrOp.CANON_S, bare[id], 0);
    } else {
      renamed[id] = bare[register];
    }
  }

  private int operand(int id, int value) {
    IrOp op = from.op(id);
    if (op.effect() == IrOp.Effect.STATE || !values.isDone(id)) {
      return renamed[value];
    }
    boolean isBare =
        from.op(value) == IrOp.UNBOX_S
            ? Demand.ignoresSingleNans(op)
            : isDouble(value) && Demand.ignoresDoubleNans(op);
    if (isBare && bare[value] != NONE) {
      return bare[value];
    }
    if (op == IrOp.STF_S && values.isMember(value) && values.form(value).isSingle()) {
      return single(id, value);
    }
    return here(id, value);
  }

  private boolean isDouble(int value) {
    return values.isMember(value) && values.form(value) == FloatForm.DOUBLE;
  }

  /** The bits of a phi that is a single. */
  private int single(int user, int phi) {
    return values.form(phi) == FloatForm.UNBOXED
        ? bare[phi]
        : made.computeIfAbsent(-1 - phi, key -> emit(user, IrOp.CANON_S, bare[phi], 0));
  }

  /** A value where it is used, if it is not there before. */
  private int here(int user, int value) {
    if (values.isMember(value)) {
      return made.computeIfAbsent(value, key -> whole(user, value));
    }
    if (values.isStep(value) && !values.isDone(value)) {
      int a = here(user, from.a(value));
      return made.computeIfAbsent(value, key -> emit(user, from.op(value), a, 0));
    }
    return renamed[value];
  }

  /** Says what the floats are that another node gets. */
  private void pass(RegionEdge edge, int exit) {
    if (edge.to() == null) {
      return;
    }
    RegionNode next = edge.to();
    for (int phi = next.start(); phi < next.end() && graph.isPhi(phi); phi++) {
      if (from.op(phi) != IrOp.GETF || graph.slotOf(phi) >= StateSlot.FRM) {
        continue;
      }
      int input = values.states().input(phi, edge);
      if (values.isMember(phi)) {
        emit(
            exit,
            IrOp.PUTF,
            inForm(exit, input, values.form(phi)),
            StateSlot.WORD + graph.slotOf(phi));
      } else if (values.isMember(input) || values.isStep(input) && !values.isDone(input)) {
        emit(exit, IrOp.PUTF, here(exit, input), graph.slotOf(phi));
      }
    }
  }

  private int inForm(int exit, int input, FloatForm form) {
    int value = values.bare(input, form);
    if (!values.isMember(value)) {
      return here(exit, value);
    }
    return form == FloatForm.UNBOXED ? single(exit, value) : bare[value];
  }

  /**
   * The first operation of an entry behind what is got from outside and other guards: what stands
   * there may be computed to where the guest has something else.
   */
  private int guarded() {
    int guarded = node.start();
    for (int id = node.start(); id < node.end() - 1; id++) {
      boolean isGet = from.op(id) == IrOp.GET || from.op(id) == IrOp.GETF;
      guarded = isGet || from.op(id).effect() == IrOp.Effect.EXIT ? id + 1 : guarded;
    }
    return guarded;
  }

  /** Does not enter the region with a float in another form than is taken for granted. */
  private void guard(int owner) {
    int instruction = from.instructionOf(owner);
    for (Map.Entry<Integer, FloatForm> entering : values.entering().entrySet()) {
      int register = renamed[entering.getKey()];
      int wrong = entering.getValue().violation(to, instruction, register);
      RegionEdge edge = graph.addGuard(node);
      int right = emit(owner, IrOp.CONST, NONE, 0);
      edge.operation(to.emitFor(instruction, IrOp.EXIT_NE, wrong, right, NONE, edge.index()));
    }
  }
}
