package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What can be reached from a guest address by branches, plain jumps, indirect jumps as far as they
 * have been seen and, if wanted, calls of small functions, indirect ones as far as they have been
 * seen, too. Other calls and returns lead out of it. The graph of a function goes on behind such
 * calls, has copies of the function within itself, and its end once for each way there.
 */
final class FlowGraph {
  /** Ways of all indirect jumps together; each of them has its own copy of the guest's state. */
  private static final int MOST_TARGETS = 64;

  /** The same with those that turn out to be none. */
  private static final int MOST_GUESSES = 2 * MOST_TARGETS;

  /** Guest instructions of an end that it has copies of, at most. */
  private static final int MOST_IN_END = 16;

  private final CodeSource code;
  private final SmallFunctions functions;
  private final FunctionCopies copies;
  private final boolean followsJumps;
  private final Room room;
  private final Map<CodePlace, Instruction> instructions = new HashMap<>();
  private final Map<CodePlace, CodePlace.Call> calls = new HashMap<>();

  /** Where indirect jumps and calls lead. */
  private final Map<CodePlace, List<CodePlace>> targets = new HashMap<>();

  private int targetCount;
  private boolean hasJumps;
  private boolean hasOtherCalls;
  private final TreeSet<CodePlace> leaders = new TreeSet<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<CodePlace, Integer> numbers = new HashMap<>();

  /** A stretch of code that is entered at its start only. */
  static final class Node {
    final CodePlace place;
    final List<Instruction> code = new ArrayList<>();

    /** Where its branches and jumps lead, and where it goes on. */
    final List<CodePlace> ways = new ArrayList<>(2);

    /** Where its indirect jump or call leads, as far as known. */
    List<CodePlace> targets = List.of();

    /** Where the function starts that it calls at its end, or null. */
    CodePlace callee;

    /** Where it returns to, or null. */
    CodePlace back;

    /** Where it goes on when the function it calls at its end, elsewhere, has returned, or null. */
    CodePlace comesBack;

    Node(CodePlace place) {
      this.place = place;
    }

    /** Whether it ends with an indirect jump of which some targets are known. */
    boolean isChoice() {
      return !targets.isEmpty() && !Jumps.isIndirectCall(code.getLast());
    }
  }

  /**
   * How much code there may be. Where there are few ways there may be more: what takes time, and
   * room in a translation, is what ways meet and lead out.
   *
   * @param instructions guest instructions, at most
   * @param inStretches the same if stretches are long, as in hash functions that compilers have
   *     unrolled
   */
  record Room(int instructions, int inStretches) {
    /** Guest instructions of a part, in the mean, that make stretches long. */
    private static final int LONG_STRETCH = 24;

    /** No more for long stretches. */
    Room(int instructions) {
      this(instructions, instructions);
    }

    /** Whether there may be so many instructions in so many parts. */
    boolean holds(int size, int parts) {
      return size <= (size >= LONG_STRETCH * parts ? inStretches : instructions);
    }
  }

  /**
   * Which calls of itself the graph of a function has a copy of the function for.
   *
   * @param function its address
   * @param depth how many of these calls may be open at a time
   */
  record FunctionCopies(long function, int depth) {}

  /**
   * @param functions whose calls are followed; null for none
   * @param followsJumps whether indirect jumps are
   * @param copies null if it is not the graph of a function
   * @param room where exploring ends
   */
  FlowGraph(
      CodeSource code,
      long start,
      SmallFunctions functions,
      boolean followsJumps,
      FunctionCopies copies,
      Room room) {
    this.code = code;
    this.copies = copies;
    this.room = room;
    this.functions = functions;
    this.followsJumps = followsJumps;
    explore(new CodePlace(null, start));
    formNodes();
    if (forgetStrayTargets()) {
      keepReachable(new CodePlace(null, start));
    }
  }

  private void explore(CodePlace start) {
    ArrayDeque<CodePlace> work = new ArrayDeque<>();
    lead(start, work);
    while (!work.isEmpty()) {
      CodePlace place = work.remove();
      while (!instructions.containsKey(place)
          && room.holds(instructions.size() + 1, leaders.size())) {
        Instruction instruction = code.instruction(place.pc());
        if (instruction == null) {
          break;
        }
        instructions.put(place, instruction);
        if (Jumps.isBranch(instruction) || Jumps.isPlainJump(instruction)) {
          lead(target(place, instruction), work);
        } else if (Jumps.isCall(instruction)) {
          follow(place, instruction, work);
        } else if (Jumps.isIndirectJump(instruction)) {
          followJump(place, work);
        } else if (Jumps.isIndirectCall(instruction)) {
          followIndirect(place, instruction, work);
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
    CodePlace behind = place.at(place.pc() + instruction.length());
    SmallFunctions.Function function = functions == null ? null : functions.at(target);
    if (function != null) {
      calls.put(place, new CodePlace.Call(place, target, behind, function.keepsReturnAddress()));
    } else if (copies != null
        && target == copies.function()
        && place.depthIn(target) < copies.depth()) {
      calls.put(place, new CodePlace.Call(place, target, behind, false));
    }
    if (calls.containsKey(place)) {
      lead(new CodePlace(calls.get(place), target), work);
    } else if (copies != null) {
      lead(behind, work);
    } else {
      hasOtherCalls = true;
    }
  }

  /** As {@link #follow}, where the function's address is computed: those that have been seen. */
  private void followIndirect(
      CodePlace place, Instruction instruction, ArrayDeque<CodePlace> work) {
    CodePlace behind = place.at(place.pc() + instruction.length());
    List<CodePlace> found = new ArrayList<>();
    for (long target : functions == null ? List.<Long>of() : code.callTargets(place.pc())) {
      SmallFunctions.Function function = functions.at(target);
      if (function != null) {
        CodePlace.Call call =
            new CodePlace.Call(place, target, behind, function.keepsReturnAddress());
        found.add(new CodePlace(call, target));
        lead(found.getLast(), work);
      }
    }
    if (!found.isEmpty()) {
      targets.put(place, found);
    }
    if (copies != null) {
      lead(behind, work);
    }
  }

  /** Where a branch or plain jump leads: to an end of its own, if that is short. */
  private CodePlace target(CodePlace place, Instruction instruction) {
    long target = place.pc() + instruction.imm();
    return copies != null && isEnd(target) ? place.copyAt(target) : place.at(target);
  }

  /** Not within copies of functions, of which each would have all. */
  private void followJump(CodePlace place, ArrayDeque<CodePlace> work) {
    hasJumps = true;
    if (!followsJumps || place.call() != null) {
      return;
    }
    List<CodePlace> found = new ArrayList<>();
    for (long target : code.jumpTargets(place.pc())) {
      found.add(place.at(target));
    }
    targetCount += found.size();
    if (targetCount > MOST_GUESSES) {
      work.clear(); // There is no use in going on.
      return;
    }
    targets.put(place, found);
    for (CodePlace target : found) {
      lead(target, work);
    }
  }

  /** Whether what is at an address only returns. */
  private boolean isEnd(long start) {
    long pc = start;
    for (int i = 0; i < MOST_IN_END; i++) {
      Instruction instruction = code.instruction(pc);
      if (instruction == null || Jumps.isReturn(instruction)) {
        return instruction != null;
      }
      if (Jumps.isBranch(instruction) || Jumps.endsNode(instruction)) {
        return false;
      }
      pc += instruction.length();
    }
    return false;
  }

  /** Where a call that leads out of the graph comes back; null for all other instructions. */
  private CodePlace comesBack(CodePlace place, Instruction instruction) {
    boolean isCall = Jumps.isCall(instruction) || Jumps.isIndirectCall(instruction);
    return copies != null && isCall && !calls.containsKey(place)
        ? place.at(place.pc() + instruction.length())
        : null;
  }

  private void formNodes() {
    for (CodePlace leader : leaders) {
      Node node = new Node(leader);
      CodePlace place = leader;
      Instruction instruction = instructions.get(place);
      while (instruction != null) {
        node.code.add(instruction);
        if (Jumps.isBranch(instruction) || Jumps.isPlainJump(instruction)) {
          addWay(node, target(place, instruction));
        } else if (calls.containsKey(place)) {
          node.callee = new CodePlace(calls.get(place), place.pc() + instruction.imm());
        } else if (Jumps.isReturn(instruction) && place.call() != null) {
          node.back = place.call().returnsTo;
        } else if (Jumps.isIndirectJump(instruction)) {
          node.targets = targets.getOrDefault(place, List.of());
        } else {
          node.targets = targets.getOrDefault(place, List.of());
          node.comesBack = comesBack(place, instruction);
        }
        if (Jumps.endsNode(instruction)) {
          break;
        }
        place = place.at(place.pc() + instruction.length());
        if (leaders.contains(place)) {
          addWay(node, place);
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

  /**
   * Leaves out targets from which an indirect jump or call is not come back to: if they are its own
   * at all, they are no part of a loop.
   */
  private boolean forgetStrayTargets() {
    boolean changes = false;
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      if (!node.targets.isEmpty()) {
        BitSet leading = leadingTo(i);
        int before = node.targets.size();
        node.targets.removeIf(target -> number(target) < 0 || !leading.get(number(target)));
        changes |= node.targets.size() < before;
      }
    }
    return changes;
  }

  private BitSet leadingTo(int number) {
    List<List<Integer>> predecessors = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      predecessors.add(new ArrayList<>());
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (int next : successors(nodes.get(i))) {
        predecessors.get(next).add(i);
      }
    }
    BitSet found = new BitSet();
    ArrayDeque<Integer> work = new ArrayDeque<>(predecessors.get(number));
    while (!work.isEmpty()) {
      int node = work.remove();
      if (!found.get(node)) {
        found.set(node);
        work.addAll(predecessors.get(node));
      }
    }
    return found;
  }

  private void keepReachable(CodePlace start) {
    Set<Node> reached = new HashSet<>();
    ArrayDeque<Integer> work = new ArrayDeque<>();
    work.add(number(start));
    while (!work.isEmpty()) {
      Node node = nodes.get(work.remove());
      if (reached.add(node)) {
        work.addAll(successors(node));
      }
    }
    nodes.retainAll(reached);
    numbers.clear();
    for (Node node : nodes) {
      numbers.put(node.place, numbers.size());
    }
  }

  /** A node has one way to each address. */
  private static void addWay(Node node, CodePlace to) {
    for (CodePlace way : node.ways) {
      if (way.pc() == to.pc()) {
        return;
      }
    }
    node.ways.add(to);
  }

  /** Whether indirect jumps have been followed, which do not have too many ways. */
  boolean hasChoices() {
    int ways = 0;
    for (Node node : nodes) {
      ways += node.isChoice() ? node.targets.size() : 0;
    }
    return ways > 0 && ways <= MOST_TARGETS && targetCount <= MOST_GUESSES;
  }

  /** Whether there are indirect jumps, followed or not. */
  boolean hasJumps() {
    return hasJumps;
  }

  /** Whether calls have been followed. */
  boolean hasCalls() {
    if (!calls.isEmpty()) {
      return true;
    }
    for (Node node : nodes) {
      if (!node.targets.isEmpty() && !node.isChoice()) {
        return true;
      }
    }
    return false;
  }

  /** Whether there are calls that have not been followed. */
  boolean hasOtherCalls() {
    return hasOtherCalls;
  }

  /** Whether a function is called anywhere in it. */
  boolean calls(long function) {
    for (Map.Entry<CodePlace, Instruction> entry : instructions.entrySet()) {
      Instruction instruction = entry.getValue();
      if (Jumps.isCall(instruction) && entry.getKey().pc() + instruction.imm() == function) {
        return true;
      }
    }
    return false;
  }

  /** Number of guest instructions in it. */
  int instructionCount() {
    return instructions.size();
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

  /**
   * The number of the node to which a jump right before a node leads, if that jump is no part of
   * the graph; {@link RegionOutline#NONE} if there is none. So is what compilers enter a loop by
   * that is not entered at its first instruction.
   */
  int jumpBefore(Node node) {
    for (int length = 2; length <= 4 && node.place.call() == null; length += 2) {
      CodePlace before = node.place.at(node.place.pc() - length);
      Instruction instruction = code.instruction(before.pc());
      if (instruction != null
          && instruction.length() == length
          && Jumps.isPlainJump(instruction)
          && !instructions.containsKey(before)) {
        int entered = number(before.pc() + instruction.imm());
        if (entered != RegionOutline.NONE) {
          return entered;
        }
      }
    }
    return RegionOutline.NONE;
  }

  /** How many calls of the function, if the graph is of one, have led to a node. */
  int recursions(int number) {
    return copies == null ? 0 : nodes.get(number).place.depthIn(copies.function());
  }

  /** Where a node leads, by number. */
  Set<Integer> successors(Node node) {
    Set<Integer> found = new HashSet<>();
    for (CodePlace way : node.ways) {
      found.add(number(way));
    }
    for (CodePlace target : node.targets) {
      found.add(number(target));
    }
    found.add(number(node.callee));
    found.add(number(node.back));
    found.add(number(node.comesBack));
    found.remove(RegionOutline.NONE);
    return found;
  }
}
