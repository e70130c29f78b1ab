package dev.isomorph.translator.region;

import static dev.isomorph.translator.ir.IrBlock.NONE;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.Optimizer;
import dev.isomorph.translator.opt.Pass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Makes a {@link RegionGraph} of an outline. */
public final class RegionBuilder {
  /** A node's operations, from the lifter and the block optimiser. */
  private record Part(int number, RegionOutline.Node source, IrBlock block) {
    /** The number of the node where an operation that leaves leads. */
    int target(int id) {
      IrOp op = block.op(id);
      if (op == IrOp.CALL) {
        return source.callee() == RegionOutline.NONE ? onlyCallee(id) : source.callee();
      }
      boolean isDirect = op.isSideExit() || op == IrOp.JUMP;
      return isDirect
          ? source.ways().getOrDefault(block.imm(id), RegionOutline.NONE)
          : RegionOutline.NONE;
    }

    /** The same, if an indirect call is one of a known function after all. */
    private int onlyCallee(int id) {
      for (RegionOutline.Target target : source.targets()) {
        if (target.pc() == block.imm(id)) {
          return target.node();
        }
      }
      return RegionOutline.NONE;
    }

    /** The number of the node where it goes on when a function has returned that it calls. */
    int goesOnAt() {
      return comesBack(block.size() - 1);
    }

    /** The same, if an operation is that call. */
    int comesBack(int id) {
      boolean calls =
          block.op(id) == IrOp.CALL_INDIRECT
              || block.op(id) == IrOp.CALL && target(id) == RegionOutline.NONE;
      return calls ? source.comesBack() : RegionOutline.NONE;
    }

    /** Where an operation leads if it is an indirect jump or call, as far as known. */
    List<RegionOutline.Target> targets(int id) {
      IrOp op = block.op(id);
      return op == IrOp.JUMP_INDIRECT || op == IrOp.CALL_INDIRECT ? source.targets() : List.of();
    }

    /** Whether an operation is a return to a caller in the region. */
    boolean isReturnInside(int id) {
      return block.op(id) == IrOp.RETURN && source.back() != null;
    }
  }

  private final List<Part> parts = new ArrayList<>();
  private final List<Part> order = new ArrayList<>();
  private final boolean isFunction;
  private final RegionNode[] nodes;

  /** By part, where the region is entered when the function has returned that it calls outside. */
  private final RegionNode[] entries;

  private final BitSet known = new BitSet();
  private final BitSet written = new BitSet();
  private final IrBlock code = new IrBlock();
  private final RegionGraph graph = new RegionGraph(code);
  private int[] entryValue;
  private int[][] edgeState;

  private RegionBuilder(RegionOutline outline, LiftMode mode, Optimizer optimizer) {
    for (ShortArms.Joined lifted : lift(outline, mode, optimizer)) {
      IrBlock block = new IrBlock();
      block.copy(optimizer.finish(lifted.block()));
      parts.add(new Part(parts.size(), lifted.node(), block));
    }
    isFunction = outline.isFunction();
    nodes = new RegionNode[parts.size()];
    entries = new RegionNode[parts.size()];
  }

  /**
   * Guest addresses of the branches that would become selections which wait for each other, going
   * round in a loop: whether they should depends on how easy to predict they are.
   */
  public static Set<Long> selected(RegionOutline outline, LiftMode mode, Set<Pass> passes) {
    Optimizer optimizer = new Optimizer(passes);
    List<ShortArms.Joined> parts = lift(outline, mode, optimizer);
    if (optimizer.selected().isEmpty()) {
      return Set.of();
    }
    Set<Long> selected = CarriedChoices.find(parts);
    selected.retainAll(optimizer.selected());
    return selected;
  }

  /** The blocks of all nodes, with selections. */
  private static List<ShortArms.Joined> lift(
      RegionOutline outline, LiftMode mode, Optimizer optimizer) {
    List<IrBlock> blocks = new ArrayList<>();
    for (RegionOutline.Node node : outline.nodes()) {
      IrBlock lifted = new IrBlock();
      node.lift(mode, lifted);
      IrBlock block = new IrBlock();
      block.copy(optimizer.select(lifted));
      blocks.add(block);
    }
    return ShortArms.join(outline.nodes(), blocks, optimizer);
  }

  /**
   * The graph of an outline, with phis wherever a register that is written meets itself.
   *
   * @param mode what the code is for
   * @param kept guest registers that the graph is to know even if the code does not touch them
   * @return null if the code has what a region cannot: a change of the rounding mode, a register of
   *     the supervisor, or a trap at its very start
   */
  public static RegionGraph build(
      RegionOutline outline, LiftMode mode, int[] kept, Optimizer optimizer) {
    RegionBuilder builder = new RegionBuilder(outline, mode, optimizer);
    Part head = builder.parts.get(outline.head());
    return builder.isPossible(head) ? builder.graph(head, kept) : null;
  }

  private boolean isPossible(Part head) {
    IrBlock first = head.block();
    for (int id = 0; id < first.size() && first.instructionOf(id) == 0; id++) {
      if (first.op(id) == IrOp.TRAP) {
        return false;
      }
    }
    for (Part part : parts) {
      for (int id = 0; id < part.block().size(); id++) {
        if (!isPossible(part.block().op(id), part.block().imm(id))) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Interrupts may become pending at any time, and status registers are not in a region's exits.
   */
  private static boolean isPossible(IrOp op, long slot) {
    return switch (op) {
      case PUT -> slot < StateSlot.FRM;
      case GET -> slot <= StateSlot.FRM;
      default -> true;
    };
  }

  private RegionGraph graph(Part head, int[] kept) {
    visit(head, new BitSet());
    Collections.reverse(order);
    // The entry belongs to the head's first instruction, which it has a copy of.
    IrBlock first = head.block();
    code.beginInstruction(first.pc(0), first.encoding(0), Instruction.lengthOf(first.encoding(0)));
    RegionNode entry = graph.addEntry(0, -1, 0);
    int instruction = 1;
    for (Part part : order) {
      RegionOutline.Node source = part.source();
      nodes[part.number()] =
          graph.addNode(instruction, part.number(), source.depth(), source.isHead());
      if (source.polls()) {
        nodes[part.number()].poll();
      }
      instruction += part.block().instructionCount();
      if (part.goesOnAt() != RegionOutline.NONE) {
        entries[part.number()] = graph.addEntry(instruction++, part.number(), source.depth());
      }
    }
    findRegisters(kept);
    graph.addEdge(entry, nodes[head.number()], head.source().pc());
    for (Part part : order) {
      addEdges(part);
    }
    edgeState = new int[graph.edges().size()][];
    entryValue = emitEntry(entry);
    for (Part part : order) {
      emit(part);
      if (entries[part.number()] != null) {
        IrBlock behind = parts.get(part.goesOnAt()).block();
        code.beginInstruction(
            behind.pc(0), behind.encoding(0), Instruction.lengthOf(behind.encoding(0)));
        emitEntry(entries[part.number()]);
      }
    }
    return graph;
  }

  /** Postorder from the head. */
  private void visit(Part part, BitSet seen) {
    seen.set(part.number());
    for (int id = part.block().size() - 1; id >= 0; id--) {
      visitUnseen(part.isReturnInside(id) ? part.source().back().node() : part.target(id), seen);
      visitUnseen(part.comesBack(id), seen);
      for (RegionOutline.Target target : part.targets(id).reversed()) {
        visitUnseen(target.node(), seen);
      }
    }
    order.add(part);
  }

  private void visitUnseen(int number, BitSet seen) {
    if (number != RegionOutline.NONE && !seen.get(number)) {
      visit(parts.get(number), seen);
    }
  }

  /**
   * Finds the guest registers that the graph has to know, and those that do not stay what they were
   * at its entry: if functions are called, these may write any.
   */
  private void findRegisters(int[] kept) {
    boolean hasCalls = false;
    for (int slot : kept) {
      known.set(slot);
    }
    for (Part part : order) {
      hasCalls |= entries[part.number()] != null;
      for (int id = 0; id < part.block().size(); id++) {
        int slot = (int) part.block().imm(id);
        switch (part.block().op(id)) {
          case GET, GETF -> known.set(slot);
          case PUT, PUTF -> written.set(slot);
          default -> {}
        }
      }
    }
    known.or(written);
    if (hasCalls) {
      written.or(known);
    }
  }

  private void addEdges(Part part) {
    IrBlock block = part.block();
    RegionNode from = nodes[part.number()];
    for (int id = 0; id < block.size(); id++) {
      IrOp op = block.op(id);
      if (op.effect() != IrOp.Effect.EXIT) {
        continue;
      }
      if (part.isReturnInside(id)) {
        RegionOutline.Return back = part.source().back();
        graph.addEdge(from, nodes[back.node()], back.pc());
        if (back.isSure()) {
          continue;
        }
      }
      for (RegionOutline.Target target : part.targets(id)) {
        graph.addEdge(from, nodes[target.node()], target.pc());
      }
      int target = part.target(id);
      if (op == IrOp.TRAP) {
        graph.addEdgeBefore(from, block.pcOf(id));
      } else {
        RegionNode to = target == RegionOutline.NONE ? null : nodes[target];
        RegionEdge edge = graph.addEdge(from, to, block.imm(id));
        if (part.comesBack(id) != RegionOutline.NONE) {
          edge.comesBack(entries[part.number()]);
        }
        boolean returns = op == IrOp.RETURN && part.source().back() == null;
        if (isFunction && (returns || edge.comesBack() != null)) {
          edge.usual();
        }
      }
    }
    if (entries[part.number()] != null) {
      Part behind = parts.get(part.goesOnAt());
      graph.addEdge(entries[part.number()], nodes[behind.number()], behind.source().pc());
    }
  }

  /** All guest registers that occur are read first. */
  private int[] emitEntry(RegionNode entry) {
    int start = code.size();
    int owner = entry.firstInstruction();
    int[] state = new int[StateSlot.COUNT];
    Arrays.fill(state, NONE);
    for (int slot = known.nextSetBit(0); slot >= 0; slot = known.nextSetBit(slot + 1)) {
      state[slot] = code.emitFor(owner, getOf(slot), NONE, NONE, NONE, slot);
    }
    RegionEdge edge = entry.out().getFirst();
    edge.operation(code.emitFor(owner, IrOp.JUMP, NONE, NONE, NONE, edge.index()));
    entry.range(start, code.size());
    edgeState[edge.index()] = state;
    return state;
  }

  private static IrOp getOf(int slot) {
    return slot >= StateSlot.F0 && slot < StateSlot.FRM ? IrOp.GETF : IrOp.GET;
  }

  private void emit(Part part) {
    IrBlock block = part.block();
    RegionNode node = nodes[part.number()];
    for (int i = 0; i < block.instructionCount(); i++) {
      code.beginInstruction(
          block.pc(i), block.encoding(i), Instruction.lengthOf(block.encoding(i)));
    }
    int start = code.size();
    int[] state = enter(node);
    int[] renamed = new int[block.size()];
    Iterator<RegionEdge> edges = node.out().iterator();
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
          } else if (part.isReturnInside(id)) {
            emitReturn(part.source().back(), owner, a, edges, state);
          } else {
            for (RegionOutline.Target target : part.targets(id)) {
              emitIfEqual(owner, a, target.pc(), edges, state);
            }
            boolean isJump = op == IrOp.TRAP || op == IrOp.CALL && part.target(id) >= 0;
            exit(owner, isJump ? IrOp.JUMP : op, a, b, edges.next(), state);
          }
        }
      }
    }
    node.range(start, code.size());
  }

  /**
   * Inside if the function returns where it was called from, as it should; an address with bit 0
   * set is not that one, and left to the return.
   */
  private void emitReturn(
      RegionOutline.Return back, int owner, int to, Iterator<RegionEdge> edges, int[] state) {
    if (back.isSure()) {
      exit(owner, IrOp.JUMP, NONE, NONE, edges.next(), state);
    } else {
      emitIfEqual(owner, to, back.pc(), edges, state);
      exit(owner, IrOp.RETURN, to, NONE, edges.next(), state);
    }
  }

  private void emitIfEqual(int owner, int to, long pc, Iterator<RegionEdge> edges, int[] state) {
    int usual = code.emitFor(owner, IrOp.CONST, NONE, NONE, NONE, pc);
    exit(owner, IrOp.EXIT_EQ, to, usual, edges.next(), state);
  }

  private void exit(int owner, IrOp op, int a, int b, RegionEdge edge, int[] state) {
    int operands = op.operands();
    edge.operation(
        code.emitFor(
            owner, op, operands > 0 ? a : NONE, operands > 1 ? b : NONE, NONE, edge.index()));
    edgeState[edge.index()] = state.clone();
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
}
