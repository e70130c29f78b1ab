package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the loops around a guest address, from the code alone: what can be reached from there by
 * branches and plain jumps, and the natural loops of that. Calls, indirect jumps and returns are
 * where a loop is left.
 */
public final class LoopFinder {
  /** Guest instructions that are looked at, at most. */
  private static final int MOST_EXPLORED = 2000;

  /** Guest instructions of a loop, at most: what surely fits the room for a translation. */
  private static final int MOST_IN_LOOP = 300;

  private final CodeSource code;
  private final Map<Long, Instruction> instructions = new HashMap<>();
  private final TreeSet<Long> leaders = new TreeSet<>();
  private final TreeMap<Long, Node> nodes = new TreeMap<>();

  /** A stretch of code that is entered at its start only, with its ways out. */
  private static final class Node {
    final long pc;
    final List<Instruction> code = new ArrayList<>();
    final List<Long> targets = new ArrayList<>(2);

    /** Where each target is jumped to from; -1 for what merely follows. */
    final List<Long> sources = new ArrayList<>(2);

    Node(long pc) {
      this.pc = pc;
    }

    void leadTo(long target, long source) {
      targets.add(target);
      sources.add(source);
    }
  }

  private LoopFinder(CodeSource code) {
    this.code = code;
  }

  /**
   * Finds the loops that the instruction at a guest address is part of, the innermost first.
   *
   * @return those that are not too large; empty if there are none
   */
  public static List<Loop> around(CodeSource code, long pc) {
    LoopFinder finder = new LoopFinder(code);
    finder.explore(pc);
    finder.formNodes();
    return finder.loopsAround(pc);
  }

  private void explore(long start) {
    ArrayDeque<Long> work = new ArrayDeque<>();
    work.add(start);
    leaders.add(start);
    while (!work.isEmpty()) {
      long pc = work.remove();
      while (!instructions.containsKey(pc) && instructions.size() < MOST_EXPLORED) {
        Instruction instruction = code.instruction(pc);
        if (instruction == null) {
          break;
        }
        instructions.put(pc, instruction);
        if (isBranch(instruction) || isPlainJump(instruction)) {
          long target = pc + instruction.imm();
          leaders.add(target);
          work.add(target);
        }
        if (endsNode(instruction)) {
          break;
        }
        pc += instruction.length();
      }
    }
  }

  private static boolean isBranch(Instruction instruction) {
    return switch (instruction.opcode()) {
      case BEQ, BNE, BLT, BGE, BLTU, BGEU -> true;
      default -> false;
    };
  }

  private static boolean isPlainJump(Instruction instruction) {
    return switch (instruction.opcode()) {
      case JAL -> instruction.rd() == 0;
      default -> false;
    };
  }

  private static boolean endsNode(Instruction instruction) {
    return switch (instruction.opcode()) {
      case JAL, JALR, ECALL, EBREAK, FENCE_I, ILLEGAL -> true;
      default -> false;
    };
  }

  private void formNodes() {
    for (long leader : leaders) {
      Node node = new Node(leader);
      long pc = leader;
      Instruction instruction = instructions.get(pc);
      while (instruction != null) {
        node.code.add(instruction);
        long next = pc + instruction.length();
        if (isBranch(instruction) || isPlainJump(instruction)) {
          node.leadTo(pc + instruction.imm(), pc);
        }
        if (endsNode(instruction)) {
          break;
        }
        if (leaders.contains(next)) {
          node.leadTo(next, -1);
          break;
        }
        pc = next;
        instruction = instructions.get(pc);
      }
      if (!node.code.isEmpty()) {
        nodes.put(leader, node);
      }
    }
  }

  private List<Loop> loopsAround(long pc) {
    Map<Long, Set<Long>> successors = new HashMap<>();
    List<LoopNest.Jump> backwards = new ArrayList<>();
    for (Node node : nodes.values()) {
      Set<Long> followers = new HashSet<>(node.targets);
      followers.retainAll(nodes.keySet());
      successors.put(node.pc, followers);
      for (int i = 0; i < node.targets.size(); i++) {
        long target = node.targets.get(i);
        long source = node.sources.get(i);
        if (source >= target && nodes.containsKey(target)) {
          backwards.add(new LoopNest.Jump(target, source));
        }
      }
    }
    List<Loop> found = new ArrayList<>();
    List<LoopNest.Body> bodies = LoopNest.of(successors, backwards);
    for (LoopNest.Body body : bodies) {
      if (body.nodes().contains(pc) && size(body.nodes()) <= MOST_IN_LOOP) {
        found.add(loop(body, bodies, pc));
      }
    }
    found.sort((one, two) -> Integer.compare(one.instructionCount(), two.instructionCount()));
    return found;
  }

  private int size(Set<Long> body) {
    int size = 0;
    for (long pc : body) {
      size += nodes.get(pc).code.size();
    }
    return size;
  }

  private Loop loop(LoopNest.Body whole, List<LoopNest.Body> bodies, long pc) {
    List<Loop.Node> parts = new ArrayList<>();
    for (long at : new TreeSet<>(whole.nodes())) {
      int depth = 0;
      boolean isHead = false;
      for (LoopNest.Body body : bodies) {
        boolean isInner = whole.nodes().containsAll(body.nodes());
        depth += isInner && body.nodes().contains(at) ? 1 : 0;
        isHead |= isInner && body.heads().contains(at);
      }
      parts.add(new Loop.Node(at, List.copyOf(nodes.get(at).code), depth, isHead));
    }
    return new Loop(whole.heads().contains(pc) ? pc : whole.heads().first(), parts);
  }
}
