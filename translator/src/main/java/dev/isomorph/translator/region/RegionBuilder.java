package dev.isomorph.translator.region;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.Loop;
import dev.isomorph.translator.opt.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a {@link RegionGraph} of a loop. */
public final class RegionBuilder {
  /** A node's operations, from the lifter and the block optimiser. */
  private record Part(Loop.Node source, IrBlock block) {}

  private final Map<Long, Part> parts = new HashMap<>();
  private final List<Part> order = new ArrayList<>();
  private final Map<Long, RegionNode> nodes = new HashMap<>();
  private final BitSet written = new BitSet();
  private final IrBlock code = new IrBlock();
  private final RegionGraph graph = new RegionGraph(code);
  private final int[] entryValue = new int[StateSlot.COUNT];
  private int[][] edgeState;

  private RegionBuilder() {}

  /**
   * The graph of a loop, with phis wherever a register that is written meets itself.
   *
   * @param kept guest registers that the graph is to know even if the loop does not touch them
   * @return null if the loop has what a region cannot: a change of the rounding mode, or a trap at
   *     its very start
   */
  public static RegionGraph build(Loop loop, int[] kept, Optimizer optimizer) {
    RegionBuilder builder = new RegionBuilder();
    for (Loop.Node node : loop.nodes()) {
      IrBlock lifted = new IrBlock();
      node.lift(LiftMode.TRANSLATE, lifted);
      IrBlock block = new IrBlock();
      block.copy(optimizer.optimise(lifted));
      builder.parts.put(node.pc(), new Part(node, block));
    }
    return builder.isPossible(loop.head()) ? builder.graph(loop.head(), kept) : null;
  }

  private boolean isPossible(long head) {
    IrBlock first = parts.get(head).block();
    for (int id = 0; id < first.size() && first.instructionOf(id) == 0; id++) {
      if (first.op(id) == IrOp.TRAP) {
        return false;
      }
    }
    for (Part part : parts.values()) {
      for (int id = 0; id < part.block().size(); id++) {
        IrOp op = part.block().op(id);
        if (op == IrOp.PUT && part.block().imm(id) == StateSlot.FRM) {
          return false;
        }
      }
    }
    return true;
  }

  private RegionGraph graph(long head, int[] kept) {
    sort(head);
    // The entry belongs to the head's first instruction, which it has a copy of.
    IrBlock first = parts.get(head).block();
    code.beginInstruction(first.pc(0), first.encoding(0), length(first.encoding(0)));
    RegionNode entry = graph.addNode(0, 0, false);
    int instruction = 1;
    for (Part part : order) {
      RegionNode node = graph.addNode(instruction, part.source().depth(), part.source().isHead());
      nodes.put(part.source().pc(), node);
      instruction += part.block().instructionCount();
      collectWritten(part.block());
    }
    int edges = 1 + order.stream().mapToInt(part -> exits(part.block())).sum();
    edgeState = new int[edges][];
    graph.addEdge(entry, nodes.get(head), head);
    for (Part part : order) {
      addEdges(part);
    }
    emitEntry(entry, kept);
    for (Part part : order) {
      emit(part);
    }
    return graph;
  }

  /** Reverse postorder from the head. */
  private void sort(long head) {
    Set<Long> seen = new HashSet<>();
    visit(head, seen);
    Collections.reverse(order);
  }

  private void visit(long pc, Set<Long> seen) {
    Part part = parts.get(pc);
    if (part == null || !seen.add(pc)) {
      return;
    }
    IrBlock block = part.block();
    for (int id = block.size() - 1; id >= 0; id--) {
      if (isDirect(block.op(id))) {
        visit(block.imm(id), seen);
      }
    }
    order.add(part);
  }

  private static boolean isDirect(IrOp op) {
    return op.isSideExit() || op == IrOp.JUMP;
  }

  private static int exits(IrBlock block) {
    int count = 0;
    for (int id = 0; id < block.size(); id++) {
      count += block.op(id).effect() == IrOp.Effect.EXIT ? 1 : 0;
    }
    return count;
  }

  private void collectWritten(IrBlock block) {
    for (int id = 0; id < block.size(); id++) {
      switch (block.op(id)) {
        case PUT, PUTF -> written.set((int) block.imm(id));
        default -> {}
      }
    }
  }

  private void addEdges(Part part) {
    IrBlock block = part.block();
    RegionNode from = nodes.get(part.source().pc());
    for (int id = 0; id < block.size(); id++) {
      IrOp op = block.op(id);
      if (op.effect() == IrOp.Effect.EXIT) {
        // A trap is left to the block at its instruction.
        long pc = op == IrOp.TRAP ? block.pcOf(id) : block.imm(id);
        graph.addEdge(from, isDirect(op) ? nodes.get(pc) : null, pc);
      }
    }
  }

  /** All guest registers that occur are read first. */
  private void emitEntry(RegionNode entry, int[] kept) {
    BitSet known = (BitSet) written.clone();
    for (int slot : kept) {
      known.set(slot);
    }
    for (Part part : order) {
      for (int id = 0; id < part.block().size(); id++) {
        switch (part.block().op(id)) {
          case GET, GETF -> known.set((int) part.block().imm(id));
          default -> {}
        }
      }
    }
    Arrays.fill(entryValue, NONE);
    for (int slot = known.nextSetBit(0); slot >= 0; slot = known.nextSetBit(slot + 1)) {
      entryValue[slot] = code.emit(getOf(slot), NONE, (long) slot);
    }
    entry.range(0, code.size() + 1);
    RegionEdge edge = entry.out().getFirst();
    edge.operation(code.emit(IrOp.JUMP, NONE, (long) edge.index()));
    edgeState[edge.index()] = entryValue.clone();
  }

  private static IrOp getOf(int slot) {
    return slot >= StateSlot.F0 && slot < StateSlot.FRM ? IrOp.GETF : IrOp.GET;
  }

  private void emit(Part part) {
    IrBlock block = part.block();
    RegionNode node = nodes.get(part.source().pc());
    for (int i = 0; i < block.instructionCount(); i++) {
      code.beginInstruction(block.pc(i), block.encoding(i), length(block.encoding(i)));
    }
    int start = code.size();
    int[] state = enter(node);
    int[] renamed = new int[block.size()];
    int exits = 0;
    for (int id = 0; id < block.size(); id++) {
      IrOp op = block.op(id);
      int owner = node.firstInstruction() + block.instructionOf(id);
      int a = op.operands() > 0 ? renamed[block.a(id)] : NONE;
      int b = op.operands() > 1 ? renamed[block.b(id)] : NONE;
      int c = op.operands() > 2 ? renamed[block.c(id)] : NONE;
      switch (op) {
        case GET, GETF -> renamed[id] = state[(int) block.imm(id)];
        case PUT, PUTF -> {
          state[(int) block.imm(id)] = a;
          code.emitFor(owner, op, a, NONE, NONE, block.imm(id));
        }
        default -> {
          if (op.effect() != IrOp.Effect.EXIT) {
            renamed[id] = code.emitFor(owner, op, a, b, c, block.imm(id));
          } else {
            RegionEdge edge = node.out().get(exits++);
            IrOp taken = op == IrOp.TRAP ? IrOp.JUMP : op;
            edge.operation(code.emitFor(owner, taken, a, b, NONE, edge.index()));
            edgeState[edge.index()] = state.clone();
          }
        }
      }
    }
    node.range(start, code.size());
  }

  /** The state on entry of a node, with new phis where ways meet. */
  private int[] enter(RegionNode node) {
    if (node.in().size() == 1) {
      return edgeState[node.in().getFirst().index()].clone();
    }
    int[] state = entryValue.clone();
    for (int slot = written.nextSetBit(0); slot >= 0; slot = written.nextSetBit(slot + 1)) {
      state[slot] =
          code.emitFor(
              node.firstInstruction(), getOf(slot), NONE, NONE, NONE, RegionGraph.PHI + slot);
    }
    return state;
  }

  private static int length(int encoding) {
    return (encoding & 3) == 3 ? 4 : 2;
  }
}
