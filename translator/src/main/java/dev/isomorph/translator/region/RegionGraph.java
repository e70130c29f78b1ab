package dev.isomorph.translator.region;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.Supposition;
import java.util.ArrayList;
import java.util.List;

/**
 * A hot piece of guest code in SSA form: all operations in one list, node by node in reverse
 * postorder, so that what dominates comes first. A value may be used wherever its operation
 * dominates.
 *
 * <p>Differences to a block: what a guest register holds on entry of the region is a {@code GET} in
 * an entry; a {@code GET} of {@link #PHI} and above is what it holds on entry of a node with
 * several ways in. {@code PUT} computes nothing: it says from where on the guest register is that
 * value, for all who have to know the guest's state ({@link RegionStates}). The immediate of an
 * operation that leaves a node is the number of an edge.
 */
public final class RegionGraph {
  /** From here on, the slot of a {@code GET} is a guest register's value on entry of the node. */
  public static final int PHI = 1 << 8;

  private IrBlock code;
  private final List<RegionNode> nodes = new ArrayList<>();
  private final List<RegionEdge> edges = new ArrayList<>();
  private List<Supposition> suppositions = List.of();
  private boolean isBusy;

  RegionGraph(IrBlock code) {
    this.code = code;
  }

  RegionNode addNode(int firstInstruction, int rank, int depth, boolean isHead) {
    return add(new RegionNode(nodes.size(), firstInstruction, rank, depth, isHead, false));
  }

  RegionNode addEntry(int firstInstruction, int rank, int depth) {
    return add(new RegionNode(nodes.size(), firstInstruction, rank, depth, false, true));
  }

  private RegionNode add(RegionNode node) {
    nodes.add(node);
    return node;
  }

  RegionEdge addEdge(RegionNode from, RegionNode to, long pc) {
    return add(new RegionEdge(edges.size(), from, to, pc, false));
  }

  /** A way out before an instruction, which is left to the block at its address. */
  void addEdgeBefore(RegionNode from, long pc) {
    add(new RegionEdge(edges.size(), from, null, pc, true));
  }

  /** A way out of the entry, before its last operation, for when a region cannot be entered. */
  public RegionEdge addGuard(RegionNode entry) {
    RegionEdge edge = new RegionEdge(edges.size(), entry, null, entry.out().getLast().pc(), false);
    edges.add(edge);
    entry.addBeforeLast(edge);
    edge.guard();
    return edge;
  }

  /** Says that it is entered and left so often that this decides what it costs. */
  public void busy() {
    isBusy = true;
  }

  /** Whether it is entered and left so often that this decides what it costs. */
  public boolean isBusy() {
    return isBusy;
  }

  /** Says what registers are likely to hold where the region is entered. */
  public void suppose(List<Supposition> likely) {
    suppositions = likely;
  }

  /** What registers are supposed to hold; once it is optimised, what is relied on. */
  public List<Supposition> suppositions() {
    return suppositions;
  }

  /** Whether it is entered only if registers hold what has been seen, or floats of one kind. */
  public boolean checksValues() {
    return !suppositions.isEmpty() || checksFloats();
  }

  private boolean checksFloats() {
    RegionNode entry = nodes.getFirst();
    for (int id = entry.start(); id < entry.end(); id++) {
      if (code.op(id) == IrOp.FLOAT_TO_BITS) {
        return true;
      }
    }
    return false;
  }

  /** Takes away an edge that leads out and is never taken; {@link #edges()} still has it. */
  public void remove(RegionEdge edge) {
    edge.from().out().remove(edge);
  }

  private RegionEdge add(RegionEdge edge) {
    edges.add(edge);
    edge.from().add(edge);
    return edge;
  }

  /** All operations and guest instructions. */
  public IrBlock code() {
    return code;
  }

  /** Replaces the operations; nodes and edges must be told of their new places. */
  public void code(IrBlock rebuilt) {
    code = rebuilt;
  }

  /**
   * The nodes in reverse postorder; the first one is the entry, before the guest code. Behind a
   * node that calls a function outside there may be another {@linkplain RegionNode#isEntry entry},
   * for when that comes back.
   */
  public List<RegionNode> nodes() {
    return nodes;
  }

  /** The node that a value is made in. */
  public RegionNode nodeOf(int value) {
    int low = 0;
    int high = nodes.size() - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (nodes.get(middle).start() <= value) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return nodes.get(low);
  }

  /** The edges, by number. */
  public List<RegionEdge> edges() {
    return edges;
  }

  /** Whether a value is what a guest register holds on entry of a node. */
  public boolean isPhi(int value) {
    IrOp op = code.op(value);
    return (op == IrOp.GET || op == IrOp.GETF) && code.imm(value) >= PHI;
  }

  /** The guest register a phi is of. */
  public int slotOf(int phi) {
    return (int) code.imm(phi) - PHI;
  }

  /** The guest register that a slot is, or the word of. */
  public static int registerOf(int slot) {
    return slot < StateSlot.WORD ? slot : slot - StateSlot.WORD;
  }

  /**
   * Whether a value is there only to say what a guest register is whose word comes to its node: it
   * is put behind the phis.
   */
  public boolean isName(int value) {
    int last = value;
    while (names(last) && names(last + 1) && code.a(last + 1) == last) {
      last++;
    }
    int phi = value;
    while (names(phi)) {
      phi = code.a(phi);
    }
    return phi != value
        && isPhi(phi)
        && slotOf(phi) >= StateSlot.WORD
        && code.op(last + 1).effect() == IrOp.Effect.STATE
        && code.a(last + 1) == last
        && code.imm(last + 1) == registerOf(slotOf(phi));
  }

  /** Whether an operation may be part of a name. */
  private boolean names(int value) {
    return switch (code.op(value)) {
      case SEXT32, RESIGN32, CANON_D, CANON_S, BOX_S -> true;
      default -> false;
    };
  }

  /** The first operation of a node behind what only says how things are at its start. */
  public int body(RegionNode node) {
    int id = node.start();
    while (isPhi(id)) {
      id++;
    }
    while (isName(id)) {
      id += names(id + 1) ? 1 : 2;
    }
    return id;
  }

  /** Whether a slot is part of the guest state that a region may change. */
  public static boolean isGuestRegister(int slot) {
    return slot < StateSlot.FRM;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (RegionNode node : nodes) {
      text.append("node ").append(node.index());
      if (node.isHead()) {
        text.append(", head");
      }
      if (node.polls()) {
        text.append(", polls");
      }
      text.append(", depth ").append(node.depth()).append('\n');
      for (int id = node.start(); id < node.end(); id++) {
        text.append("  v").append(id).append(" = ").append(code.op(id));
        for (int i = 0; i < code.op(id).operands(); i++) {
          text.append(" v").append(code.operand(id, i));
        }
        text.append(" #").append(code.imm(id)).append('\n');
      }
      for (RegionEdge edge : node.out()) {
        text.append("  edge ").append(edge.index()).append(" at v").append(edge.operation());
        text.append(
            edge.to() == null
                ? " leaves for 0x" + Long.toHexString(edge.pc())
                : " to node " + edge.to().index());
        text.append('\n');
      }
    }
    return text.toString();
  }
}
