package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds what makes a region, from the code alone. */
public final class RegionFinder {
  /** What is looked at for loops. */
  private static final FlowGraph.Room EXPLORED = new FlowGraph.Room(2000, 6000);

  /** A loop: half of what is looked at, or else it may be but a part of one. */
  private static final FlowGraph.Room LOOP = new FlowGraph.Room(1000, 4000);

  /** One that is soon compiled. */
  private static final FlowGraph.Room USUAL = new FlowGraph.Room(300, 4000);

  /** Guest instructions of a region that need not be a loop. */
  private static final int MOST_FROM = 48;

  /** Guest instructions of a function, at most, with all copies of it. */
  private static final int MOST_IN_FUNCTION = 160;

  /** Calls of a function that may be open in its own region. */
  private static final int MOST_OPEN = 2;

  private final FlowGraph graph;
  private final List<LoopNest.Body> loops;

  private RegionFinder(FlowGraph graph) {
    this.graph = graph;
    List<Set<Integer>> successors = new ArrayList<>();
    BitSet choices = new BitSet();
    BitSet entered = new BitSet();
    for (FlowGraph.Node node : graph.nodes()) {
      if (node.isChoice()) {
        choices.set(successors.size());
      }
      successors.add(graph.successors(node));
      int entry = graph.jumpBefore(node);
      if (entry != RegionOutline.NONE) {
        entered.set(entry);
      }
    }
    loops = LoopNest.of(successors, new LoopHeads(successors, choices, entered));
  }

  /**
   * Finds the loops that the instruction at a guest address is part of, the innermost first.
   *
   * @param followsCalls whether small functions may be part of them
   * @return those that are not too large; empty if there are none
   */
  public static List<RegionOutline> loopsAround(CodeSource code, long pc, boolean followsCalls) {
    SmallFunctions few = followsCalls ? SmallFunctions.few(code) : null;
    FlowGraph graph = new FlowGraph(code, pc, few, false, null, EXPLORED);
    List<RegionOutline> found = new RegionFinder(graph).loopsAround(graph.number(pc));
    if (graph.hasCalls()) {
      // What is called may make loops too large.
      found = more(found, code, pc, null);
    }
    if (followsCalls && graph.hasOtherCalls()) {
      // A loop that calls what is not followed is none.
      found = more(found, code, pc, SmallFunctions.many(code));
    }
    if (graph.hasJumps()) {
      addLoopsOfJumps(loopsOfJumps(code, pc, few), found);
    }
    return found;
  }

  /** The loops that indirect jumps are part of, with calls if these do not make them too large. */
  private static List<RegionOutline> loopsOfJumps(CodeSource code, long pc, SmallFunctions called) {
    FlowGraph graph = new FlowGraph(code, pc, called, true, null, EXPLORED);
    List<RegionOutline> found =
        graph.hasChoices() ? new RegionFinder(graph).loopsAround(graph.number(pc)) : List.of();
    return found.isEmpty() && graph.hasCalls() ? loopsOfJumps(code, pc, null) : found;
  }

  /** Whether a loop is so large that compiling it takes long. */
  public static boolean isLarge(RegionOutline loop) {
    return !USUAL.holds(loop.instructionCount(), loop.nodes().size());
  }

  /** The loops that are found if functions of some size are followed, if these are more. */
  private static List<RegionOutline> more(
      List<RegionOutline> found, CodeSource code, long pc, SmallFunctions called) {
    FlowGraph graph = new FlowGraph(code, pc, called, false, null, EXPLORED);
    List<RegionOutline> others = new RegionFinder(graph).loopsAround(graph.number(pc));
    return others.size() > found.size() ? others : found;
  }

  /** Adds the loops that indirect jumps are part of, instead of those that are left by them. */
  private static void addLoopsOfJumps(List<RegionOutline> more, List<RegionOutline> found) {
    if (!more.isEmpty()) {
      found.removeIf(RegionFinder::isLeftByJump);
      for (RegionOutline loop : more) {
        if (found.isEmpty() || loop.instructionCount() > found.getLast().instructionCount()) {
          found.add(loop);
        }
      }
    }
  }

  private static boolean isLeftByJump(RegionOutline loop) {
    for (RegionOutline.Node node : loop.nodes()) {
      if (Jumps.isIndirectJump(node.code().getLast())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes what can be reached from a guest address.
   *
   * @param followsCalls whether small functions may be part of it
   * @return null if nothing can be fetched there
   */
  public static RegionOutline from(CodeSource code, long pc, boolean followsCalls) {
    FlowGraph.FunctionCopies copies =
        followsCalls ? new FlowGraph.FunctionCopies(pc, MOST_OPEN) : null;
    FlowGraph graph =
        new FlowGraph(
            code,
            pc,
            followsCalls ? SmallFunctions.few(code) : null,
            followsCalls,
            copies,
            new FlowGraph.Room(MOST_FROM));
    return graph.number(pc) == RegionOutline.NONE ? null : new RegionFinder(graph).all(pc, false);
  }

  /**
   * Takes a function that calls itself, with as many copies of it within as there is room for, or
   * without if it is small enough.
   *
   * @param pc guest address where the function would start
   * @return null if there is none there, or a too large one
   */
  public static RegionOutline recursionAt(CodeSource code, long pc) {
    RegionOutline found = null;
    SmallFunctions few = SmallFunctions.few(code);
    for (int depth = 0; depth <= MOST_OPEN; depth++) {
      FlowGraph.FunctionCopies copies = new FlowGraph.FunctionCopies(pc, depth);
      FlowGraph.Room room = new FlowGraph.Room(MOST_IN_FUNCTION + 1);
      FlowGraph graph = new FlowGraph(code, pc, few, false, copies, room);
      if (!graph.calls(pc) || graph.instructionCount() > MOST_IN_FUNCTION) {
        break;
      }
      found = new RegionFinder(graph).all(pc, true);
    }
    return found;
  }

  /**
   * The guest addresses of the indirect calls that can be reached from one, as far as other calls
   * on the way can be followed.
   */
  public static List<Long> indirectCalls(CodeSource code, long pc) {
    List<Long> found = new ArrayList<>();
    FlowGraph graph = new FlowGraph(code, pc, SmallFunctions.many(code), false, null, EXPLORED);
    for (FlowGraph.Node node : graph.nodes()) {
      long at = node.place.pc();
      for (Instruction instruction : node.code) {
        if (Jumps.isIndirectCall(instruction)) {
          found.add(at);
        }
        at += instruction.length();
      }
    }
    return found;
  }

  private RegionOutline all(long pc, boolean isFunction) {
    TreeSet<Integer> all = new TreeSet<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      all.add(i);
    }
    return outline(all, graph.number(pc), isFunction, false);
  }

  private List<RegionOutline> loopsAround(int start) {
    List<RegionOutline> found = new ArrayList<>();
    for (LoopNest.Body loop : loops) {
      int head = head(loop, start);
      if (loop.nodes().contains(start)
          && head >= 0
          && LOOP.holds(size(loop.nodes()), loop.nodes().size())) {
        found.add(outline(loop.nodes(), head, false, true));
      }
    }
    found.sort((one, two) -> Integer.compare(one.instructionCount(), two.instructionCount()));
    return found;
  }

  /** Where a loop is best entered; nobody comes from outside into a function's copy. */
  private int head(LoopNest.Body loop, int start) {
    if (loop.heads().contains(start)) {
      return start;
    }
    for (int head : loop.heads()) {
      if (graph.nodes().get(head).place.call() == null) {
        return head;
      }
    }
    return RegionOutline.NONE;
  }

  private int size(Set<Integer> nodes) {
    int size = 0;
    for (int node : nodes) {
      size += graph.nodes().get(node).code.size();
    }
    return size;
  }

  /**
   * @param isWhole whether it has all of each loop that leads through it without a poll elsewhere
   */
  private RegionOutline outline(
      TreeSet<Integer> members, int head, boolean isFunction, boolean isWhole) {
    int[] renumbered = new int[graph.nodes().size()];
    int count = 0;
    for (int node = 0; node < renumbered.length; node++) {
      renumbered[node] = members.contains(node) ? count++ : RegionOutline.NONE;
    }
    int[] depths = new int[renumbered.length];
    BitSet heads = new BitSet();
    for (LoopNest.Body loop : loops) {
      if (members.containsAll(loop.nodes())) {
        boolean repeats = !isFunction || !callsOutside(loop);
        for (int number : members) {
          depths[number] += repeats && isWithin(number, loop) ? 1 : 0;
        }
        loop.heads().forEach(heads::set);
      }
    }
    List<Set<Integer>> successors = successorsWithin(members);
    BitSet polls = PollPlaces.choose(successors, heads, depths);
    if (!isFunction && !isWhole) {
      jumpedBackTo(successors, polls);
    }
    List<RegionOutline.Node> parts = new ArrayList<>();
    for (int number : members) {
      FlowGraph.Node node = graph.nodes().get(number);
      Map<Long, Integer> ways = new HashMap<>();
      for (CodePlace way : node.ways) {
        if (inside(way, renumbered) != RegionOutline.NONE) {
          ways.put(way.pc(), inside(way, renumbered));
        }
      }
      parts.add(
          new RegionOutline.Node(
              node.place.pc(),
              List.copyOf(node.code),
              ways,
              targets(node, renumbered),
              inside(node.callee, renumbered),
              back(node, renumbered),
              inside(node.comesBack, renumbered),
              depths[number],
              heads.get(number),
              polls.get(number)));
    }
    return new RegionOutline(renumbered[head], parts, isFunction);
  }

  /**
   * Has those poll that a jump back leads to. A loop that is no part of the region may lead through
   * it, and through others like it, each of which has just a piece of the loop.
   */
  private void jumpedBackTo(List<Set<Integer>> successors, BitSet polls) {
    for (int from = 0; from < successors.size(); from++) {
      for (int to : successors.get(from)) {
        if (graph.nodes().get(to).place.pc() <= graph.nodes().get(from).place.pc()) {
          polls.set(to);
        }
      }
    }
  }

  /**
   * Whether a loop has calls that lead out of the region. In the mean a recursive function calls
   * itself once each time, so loops around these calls go round about once.
   */
  private boolean callsOutside(LoopNest.Body loop) {
    for (int number : loop.nodes()) {
      if (graph.nodes().get(number).comesBack != null) {
        return true;
      }
    }
    return false;
  }

  /** By node, where it leads among these without a poll: calls that lead out of them poll. */
  private List<Set<Integer>> successorsWithin(Set<Integer> members) {
    List<Set<Integer>> successors = new ArrayList<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      FlowGraph.Node node = graph.nodes().get(i);
      Set<Integer> inside = graph.successors(node);
      inside.remove(graph.number(node.comesBack));
      inside.retainAll(members);
      successors.add(inside);
    }
    return successors;
  }

  /** Whether a node runs as often as a loop does; a recursive call need not. */
  private boolean isWithin(int number, LoopNest.Body loop) {
    return loop.nodes().contains(number)
        && graph.recursions(number) == graph.recursions(loop.heads().first());
  }

  private List<RegionOutline.Target> targets(FlowGraph.Node node, int[] renumbered) {
    List<RegionOutline.Target> targets = new ArrayList<>();
    for (CodePlace target : node.targets) {
      if (inside(target, renumbered) != RegionOutline.NONE) {
        targets.add(new RegionOutline.Target(target.pc(), inside(target, renumbered)));
      }
    }
    return List.copyOf(targets);
  }

  private int inside(CodePlace place, int[] renumbered) {
    int number = graph.number(place);
    return number == RegionOutline.NONE ? RegionOutline.NONE : renumbered[number];
  }

  private RegionOutline.Return back(FlowGraph.Node node, int[] renumbered) {
    int number = inside(node.back, renumbered);
    return number == RegionOutline.NONE
        ? null
        : new RegionOutline.Return(node.back.pc(), number, node.place.call().keepsReturnAddress);
  }
}
