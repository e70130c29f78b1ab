package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Decoder;
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
        Instruction instruction = fetch(pc);
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

  private Instruction fetch(long pc) {
    int bits = code.parcel(pc);
    if (bits >= 0 && (bits & 3) == 3) {
      int upper = code.parcel(pc + 2);
      return upper < 0 ? null : Decoder.decode(upper << 16 | bits);
    }
    return bits < 0 ? null : Decoder.decode(bits);
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
    Map<Long, List<Node>> predecessors = new HashMap<>();
    Map<Long, List<Node>> tails = new TreeMap<>();
    for (Node node : nodes.values()) {
      for (int i = 0; i < node.targets.size(); i++) {
        long target = node.targets.get(i);
        predecessors.computeIfAbsent(target, t -> new ArrayList<>()).add(node);
        if (node.sources.get(i) >= 0
            && target <= node.sources.get(i)
            && nodes.containsKey(target)) {
          tails.computeIfAbsent(target, t -> new ArrayList<>()).add(node);
        }
      }
    }
    List<Set<Long>> bodies = new ArrayList<>();
    List<Long> heads = new ArrayList<>();
    for (Map.Entry<Long, List<Node>> tail : tails.entrySet()) {
      heads.add(tail.getKey());
      bodies.add(body(tail.getKey(), tail.getValue(), predecessors));
    }
    List<Loop> found = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      if (bodies.get(i).contains(pc) && size(bodies.get(i)) <= MOST_IN_LOOP) {
        found.add(loop(heads.get(i), bodies.get(i), heads, bodies));
      }
    }
    found.sort((one, two) -> Integer.compare(one.instructionCount(), two.instructionCount()));
    return found;
  }

  /** The nodes from which a jump back to the head can be reached without passing the head. */
  private Set<Long> body(long head, List<Node> tails, Map<Long, List<Node>> predecessors) {
    Set<Long> body = new HashSet<>();
    body.add(head);
    ArrayDeque<Node> work = new ArrayDeque<>(tails);
    while (!work.isEmpty()) {
      Node node = work.remove();
      if (body.add(node.pc)) {
        work.addAll(predecessors.getOrDefault(node.pc, List.of()));
      }
    }
    return body;
  }

  private int size(Set<Long> body) {
    int size = 0;
    for (long pc : body) {
      size += nodes.get(pc).code.size();
    }
    return size;
  }

  private Loop loop(long head, Set<Long> body, List<Long> heads, List<Set<Long>> bodies) {
    List<Loop.Node> parts = new ArrayList<>();
    for (long pc : new TreeSet<>(body)) {
      int depth = 0;
      boolean isHead = false;
      for (int i = 0; i < bodies.size(); i++) {
        boolean isInner = body.containsAll(bodies.get(i));
        depth += isInner && bodies.get(i).contains(pc) ? 1 : 0;
        isHead |= isInner && heads.get(i) == pc;
      }
      parts.add(new Loop.Node(pc, List.copyOf(nodes.get(pc).code), depth, isHead));
    }
    return new Loop(head, parts);
  }
}
