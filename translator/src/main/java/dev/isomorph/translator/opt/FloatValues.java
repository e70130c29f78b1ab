package dev.isomorph.translator.opt;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionStates;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which phis of a region are floats of which less than all bits need to go from node to node, so
 * that canonical NaNs and boxes are not made round after round of a loop.
 *
 * <p>A float that comes in from outside of the region may be anything. Where it has to be in a
 * form, that is to be checked where the region is entered.
 */
final class FloatValues {
  private final RegionGraph graph;
  private final IrBlock code;
  private final RegionStates states;
  private final boolean mayCheck;
  private final BitSet phis = new BitSet();

  /** By phi, the most that may be left out of it. */
  private final FloatForm[] most;

  private final FloatForm[] forms;

  /** Values from outside that are read as singles in a loop. */
  private final BitSet singles = new BitSet();

  /** Operations that are done where they stand. */
  private final BitSet done = new BitSet();

  FloatValues(RegionGraph graph) {
    this.graph = graph;
    code = graph.code();
    states = new RegionStates(graph);
    most = new FloatForm[code.size()];
    forms = new FloatForm[code.size()];
    int entries = 0;
    for (RegionNode node : graph.nodes()) {
      entries += node.isEntry() ? 1 : 0;
      for (int id = node.start(); id < node.end() && graph.isPhi(id); id++) {
        int slot = graph.slotOf(id);
        if (code.op(id) == IrOp.GETF && slot < StateSlot.FRM) {
          phis.set(id);
          most[id] = FloatForm.ANY;
        }
      }
    }
    mayCheck = entries == 1;
    findSingles();
    find();
  }

  RegionStates states() {
    return states;
  }

  /** Whether anything may be left out. */
  boolean isUseful() {
    for (int id = phis.nextSetBit(0); id >= 0; id = phis.nextSetBit(id + 1)) {
      if (isMember(id)) {
        return true;
      }
    }
    return !entering().isEmpty();
  }

  /** Whether less than all bits of a phi are to go from node to node. */
  boolean isMember(int phi) {
    return phis.get(phi) && forms[phi].isBare();
  }

  /** What goes from node to node for a phi. */
  FloatForm form(int phi) {
    return forms[phi];
  }

  /** Whether an operation is done where it stands, not left out or made late. */
  boolean isDone(int id) {
    return done.get(id);
  }

  /** Whether a value is what a float register is when the region is entered. */
  boolean isFromOutside(int value) {
    return code.op(value) == IrOp.GETF && !graph.isPhi(value);
  }

  /** Whether the single in a register is read without a test of its box. */
  boolean isUnboxed(int unbox) {
    int register = code.a(unbox);
    return isMember(register) && forms[register].isSingle() || singles.get(register);
  }

  /** What has a value's bits as far as they are in a form that it can have. */
  int bare(int value, FloatForm form) {
    if (form == FloatForm.DOUBLE) {
      boolean isOpen = code.op(value) == IrOp.CANON_D && !done.get(value);
      return isOpen ? code.a(value) : value;
    }
    if (code.op(value) != IrOp.BOX_S) {
      return value;
    }
    int single = code.a(value);
    if (code.op(single) == IrOp.UNBOX_S && isUnboxed(single)) {
      return code.a(single);
    }
    boolean isOpen = code.op(single) == IrOp.CANON_S && !done.get(single);
    return isOpen && form == FloatForm.SINGLE ? code.a(single) : single;
  }

  /** The forms in which values from outside have to be. */
  Map<Integer, FloatForm> entering() {
    Map<Integer, FloatForm> entering = new TreeMap<>();
    forEachInput(
        (phi, input, edge) -> {
          if (isMember(phi)) {
            int source = bare(input, forms[phi]);
            if (isFromOutside(source)) {
              entering.merge(source, forms[phi], FloatValues::stricter);
            }
          }
        });
    for (int id = singles.nextSetBit(0); id >= 0; id = singles.nextSetBit(id + 1)) {
      entering.merge(id, FloatForm.UNBOXED, FloatValues::stricter);
    }
    return entering;
  }

  /** Of two that can be had together, the one that leaves out more. */
  private static FloatForm stricter(FloatForm one, FloatForm two) {
    return one.ordinal() < two.ordinal() ? one : two;
  }

  private void findSingles() {
    for (int id = 0; mayCheck && id < code.size(); id++) {
      if (code.op(id) == IrOp.UNBOX_S && isFromOutside(code.a(id)) && depthOf(id) > 0) {
        singles.set(code.a(id));
      }
    }
  }

  private int depthOf(int id) {
    return graph.nodeOf(id).depthAt(id);
  }

  /** Told of a phi and of what flows into it on one way. */
  private interface Flow {
    void is(int phi, int input, RegionEdge edge);
  }

  private void forEachInput(Flow flow) {
    for (RegionNode node : graph.nodes()) {
      for (RegionEdge edge : node.in()) {
        for (int id = node.start(); id < node.end() && graph.isPhi(id); id++) {
          if (phis.get(id)) {
            flow.is(id, states.input(id, edge), edge);
          }
        }
      }
    }
  }

  /** Leaves out less, until what is left out is not wanted and saves something. */
  private void find() {
    boolean changed = true;
    while (changed) {
      findForms();
      findDone();
      changed = limitToOneForm() || limitToUses();
      if (!changed) {
        changed = limitToUseful();
      }
    }
  }

  private void findForms() {
    for (int id = phis.nextSetBit(0); id >= 0; id = phis.nextSetBit(id + 1)) {
      forms[id] = most[id];
    }
    boolean[] changed = {true};
    while (changed[0]) {
      changed[0] = false;
      forEachInput(
          (phi, input, edge) -> {
            FloatForm next = forms[phi].meet(formOf(input));
            changed[0] |= next != forms[phi];
            forms[phi] = next;
          });
    }
  }

  /** What comes from outside is not checked to be both a double and a single. */
  private boolean limitToOneForm() {
    BitSet doubles = new BitSet();
    forEachInput(
        (phi, input, edge) -> {
          if (forms[phi] == FloatForm.DOUBLE && isFromOutside(input)) {
            doubles.set(input);
          }
        });
    boolean[] changed = {false};
    forEachInput(
        (phi, input, edge) -> {
          if (forms[phi].isSingle() && doubles.get(bare(input, forms[phi]))) {
            most[phi] = FloatForm.WHOLE;
            changed[0] = true;
          }
        });
    return changed[0];
  }

  /** What may be left out of a float register's content. */
  private FloatForm formOf(int value) {
    if (phis.get(value)) {
      return forms[value];
    }
    int a = code.op(value).operands() > 0 ? code.a(value) : IrBlock.NONE;
    return switch (code.op(value)) {
      case GETF -> {
        FloatForm checked = singles.get(value) ? FloatForm.SINGLE : FloatForm.ANY;
        yield mayCheck ? checked : FloatForm.WHOLE;
      }
      case BITS_TO_FLOAT -> code.isConstant(a) ? FloatForm.ofBits(code.imm(a)) : FloatForm.WHOLE;
      case BOX_S -> {
        int register = code.op(a) == IrOp.UNBOX_S ? code.a(a) : IrBlock.NONE;
        boolean isFree = register != IrBlock.NONE && (phis.get(register) || singles.get(register));
        if (isFree && formOf(register).meet(FloatForm.UNBOXED).isSingle()) {
          yield formOf(register);
        }
        yield isCanonical(a) ? FloatForm.SINGLE : FloatForm.UNBOXED;
      }
      default -> isCanonical(value) ? FloatForm.DOUBLE : FloatForm.WHOLE;
    };
  }

  /** Whether a result is a number or the canonical NaN. */
  private boolean isCanonical(int value) {
    IrOp op = code.op(value);
    return switch (op) {
      case CANON_S, CANON_D -> true;
      case FMIN_S, FMIN_D, FMAX_S, FMAX_D, FMINM_S, FMINM_D, FMAXM_S, FMAXM_D -> true;
      case FCVT_S_W, FCVT_S_WU, FCVT_S_L, FCVT_S_LU -> true;
      case FCVT_D_W, FCVT_D_WU, FCVT_D_L, FCVT_D_LU -> true;
      case BITS_TO_FLOAT -> {
        int bits = code.a(value);
        yield code.isConstant(bits) && FloatForm.isCanonicalSingle((int) code.imm(bits));
      }
      default -> op.isFusedMultiplyAdd();
    };
  }

  /** Finds what is computed for somebody else than the guest's state. */
  private void findDone() {
    // Forms depend on it, as what is done anyway is not left out: from nothing upwards.
    done.clear();
    int before = -1;
    while (done.cardinality() > before) {
      before = done.cardinality();
      forEachInput(
          (phi, input, edge) -> {
            FloatForm form = forms[phi];
            use(edge.operation(), form.isBare() ? bare(input, form) : input);
          });
      for (int id = code.size() - 1; id >= 0; id--) {
        IrOp.Effect effect = code.op(id).effect();
        if (effect != IrOp.Effect.PURE && effect != IrOp.Effect.STATE) {
          done.set(id);
        }
        if (done.get(id)) {
          for (int i = 0; i < code.op(id).operands(); i++) {
            use(id, code.operand(id, i));
          }
        }
      }
    }
  }

  /** Who wants a value less often than what it is made of changes makes it for himself. */
  private void use(int user, int value) {
    int used = value;
    while (isStep(used) && depthOf(user) < depthOf(used)) {
      used = code.a(used);
    }
    done.set(used);
  }

  /** Whether an operation makes a value as registers have it, of a bare one. */
  boolean isStep(int id) {
    return switch (code.op(id)) {
      case CANON_D, CANON_S, BOX_S -> true;
      default -> false;
    };
  }

  /** Phis of which an operation wants more as often as they are made have more. */
  private boolean limitToUses() {
    boolean[] changed = {false};
    for (int id = done.nextSetBit(0); id >= 0; id = done.nextSetBit(id + 1)) {
      for (int i = 0; i < code.op(id).operands(); i++) {
        int value = code.operand(id, i);
        if (isMember(value)) {
          changed[0] |= limit(value, id, wanted(id, value));
        } else if (code.op(value) == IrOp.UNBOX_S && isMember(code.a(value))) {
          boolean isCopy = code.op(id) == IrOp.BOX_S;
          boolean ignoresNans = Demand.ignoresSingleNans(code.op(id));
          FloatForm wanted =
              isCopy ? FloatForm.WHOLE : ignoresNans ? FloatForm.SINGLE : FloatForm.UNBOXED;
          changed[0] |= limit(code.a(value), id, wanted);
        }
      }
    }
    forEachInput(
        (phi, input, edge) -> {
          FloatForm form = forms[phi];
          int source = form.isBare() ? bare(input, form) : input;
          if (isMember(source)) {
            changed[0] |= limit(source, edge.operation(), form);
          }
        });
    return changed[0];
  }

  private FloatForm wanted(int id, int phi) {
    FloatForm form = forms[phi];
    if (form == FloatForm.DOUBLE) {
      return Demand.ignoresDoubleNans(code.op(id)) ? form : FloatForm.WHOLE;
    }
    return switch (code.op(id)) {
      case UNBOX_S -> form;
      case STF_S -> FloatForm.UNBOXED;
      default -> FloatForm.WHOLE;
    };
  }

  private boolean limit(int phi, int user, FloatForm wanted) {
    FloatForm limited = most[phi].meet(wanted);
    boolean isOften = depthOf(user) >= depthOf(phi);
    if (!isOften || forms[phi].meet(wanted) == forms[phi] || limited == most[phi]) {
      return false;
    }
    most[phi] = limited;
    return true;
  }

  /** Leaves out nothing where that saves nothing. */
  private boolean limitToUseful() {
    BitSet useful = new BitSet();
    forEachInput(
        (phi, input, edge) -> {
          boolean isLess = isMember(phi) && bare(input, forms[phi]) != input;
          if (isLess && !done.get(input) && depthOf(input) > 0) {
            useful.set(phi);
          }
        });
    for (int id = done.nextSetBit(0); id >= 0; id = done.nextSetBit(id + 1)) {
      if (code.op(id) == IrOp.UNBOX_S && isMember(code.a(id))) {
        useful.set(code.a(id));
      }
    }
    BitSet before = new BitSet();
    // What is connected with them goes along.
    while (!useful.equals(before)) {
      before.or(useful);
      forEachInput(
          (phi, input, edge) -> {
            int source = isMember(phi) ? bare(input, forms[phi]) : input;
            if (isMember(phi) && isMember(source) && (useful.get(phi) || useful.get(source))) {
              useful.set(phi);
              useful.set(source);
            }
          });
    }
    boolean changed = false;
    for (int id = phis.nextSetBit(0); id >= 0; id = phis.nextSetBit(id + 1)) {
      if (most[id] != FloatForm.WHOLE && !useful.get(id)) {
        most[id] = FloatForm.WHOLE;
        changed = true;
      }
    }
    return changed;
  }
}
