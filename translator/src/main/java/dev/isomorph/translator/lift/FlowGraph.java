package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What can be reached from a guest address by branches, plain jumps and, if wanted, calls of small
 * functions. Other calls, indirect jumps and returns lead out of it.
 */
final class FlowGraph {
  private final CodeSource code;
  private final SmallFunctions functions;
  private final int mostInstructions;
  private final Map<CodePlace, Instruction> instructions = new HashMap<>();
  private final Map<CodePlace, CodePlace.Call> calls = new HashMap<>();
  private final TreeSet<CodePlace> leaders = new TreeSet<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<CodePlace, Integer> numbers = new HashMap<>();

  /** A stretch of code that is entered at its start only. */
  static final class Node {
    final CodePlace place;
    final List<Instruction> code = new ArrayList<>();

    /** Where its branches and jumps lead, and where it goes on. */
    final List<CodePlace> ways = new ArrayList<>(2);

    /** Where the function starts that it calls at its end, or null. */
    CodePlace callee;

    /** Where it returns to, or null. */
    CodePlace back;

    Node(CodePlace place) {
      this.place = place;
    }
  }

  /**
   * @param followsCalls whether calls of small functions are followed
   * @param mostInstructions where exploring ends
   */
  FlowGraph(CodeSource code, long start, boolean followsCalls, int mostInstructions) {
    this.code = code;
    this.mostInstructions = mostInstructions;
    functions = followsCalls ? new SmallFunctions(code) : null;
    explore(new CodePlace(null, start));
    formNodes();
  }

  private void explore(CodePlace start) {
    ArrayDeque<CodePlace> work = new ArrayDeque<>();
    lead(start, work);
    while (!work.isEmpty()) {
      CodePlace place = work.remove();
      while (!instructions.containsKey(place) && instructions.size() < mostInstructions) {
        Instruction instruction = code.instruction(place.pc());
        if (instruction == null) {
          break;
        }
        instructions.put(place, instruction);
        if (Jumps.isBranch(instruction) || Jumps.isPlainJump(instruction)) {
          lead(place.at(place.pc() + instruction.imm()), work);
        } else if (Jumps.isCall(instruction)) {
          follow(place, instruction, work);
        } else if (Jumps.isReturn(instruction) && place.call() != null) {
          lead(place.call().returnsTo, work);
        }
        if (Jumps.endsNode(instruction)) {
          break;
        }
        place = place.at(place.pc() + instruction.length());
      }
    }
  }

  private void lead(CodePlace place, ArrayDeque<CodePlace> work) {
    leaders.add(place);
    work.add(place);
  }

  private void follow(CodePlace place, Instruction instruction, ArrayDeque<CodePlace> work) {
    long target = place.pc() + instruction.imm();
    SmallFunctions.Function function = functions == null ? null : functions.at(target);
    if (function != null) {
      CodePlace behind = place.at(place.pc() + instruction.length());
      calls.put(place, new CodePlace.Call(place, behind, function.keepsReturnAddress()));
      lead(new CodePlace(calls.get(place), target), work);
    }
  }

  private void formNodes() {
    for (CodePlace leader : leaders) {
      Node node = new Node(leader);
      CodePlace place = leader;
      Instruction instruction = instructions.get(place);
      while (instruction != null) {
        node.code.add(instruction);
        if (Jumps.isBranch(instruction) || Jumps.isPlainJump(instruction)) {
          node.ways.add(place.at(place.pc() + instruction.imm()));
        } else if (calls.containsKey(place)) {
          node.callee = new CodePlace(calls.get(place), place.pc() + instruction.imm());
        } else if (Jumps.isReturn(instruction) && place.call() != null) {
          node.back = place.call().returnsTo;
        }
        if (Jumps.endsNode(instruction)) {
          break;
        }
        place = place.at(place.pc() + instruction.length());
        if (leaders.contains(place)) {
          node.ways.add(place);
          break;
        }
        instruction = instructions.get(place);
      }
      if (!node.code.isEmpty()) {
        numbers.put(leader, nodes.size());
        nodes.add(node);
      }
    }
  }

  /** Whether calls have been followed. */
  boolean hasCalls() {
    return !calls.isEmpty();
  }

  /** Its parts, as the guest has them. */
  List<Node> nodes() {
    return nodes;
  }

  /** The number of the node that starts at a place; {@link RegionOutline#NONE} if there is none. */
  int number(CodePlace place) {
    return place == null ? RegionOutline.NONE : numbers.getOrDefault(place, RegionOutline.NONE);
  }

  /** The number of the node that starts at a guest address, in no function's copy. */
  int number(long pc) {
    return number(new CodePlace(null, pc));
  }

  /** Where a node leads, by number. */
  Set<Integer> successors(Node node) {
    Set<Integer> found = new HashSet<>();
    for (CodePlace way : node.ways) {
      found.add(number(way));
    }
    found.add(number(node.callee));
    found.add(number(node.back));
    found.remove(RegionOutline.NONE);
    return found;
  }
}
