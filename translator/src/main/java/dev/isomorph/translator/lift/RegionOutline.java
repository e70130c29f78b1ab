package dev.isomorph.translator.lift;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/**
 * The guest code of a region: a loop with what is in it, a function, or all that can be reached
 * from somewhere. Small functions that are called there are part of it, once for each call, and so
 * may be a function within itself.
 *
 * @param head number of the node where it is entered
 * @param nodes its parts, as the guest has them; those of a function behind its call
 * @param isFunction whether it is a function, entered by calls, not a loop
 * @param entrance how it is to be entered
 * @param likely what registers have been seen to hold where it was found
 * @param steady guest addresses of branches whose ways are known to be easy to predict
 */
public record RegionOutline(
    int head,
    List<Node> nodes,
    boolean isFunction,
    Entrance entrance,
    List<Supposition> likely,
    Set<Long> steady) {
  /** No node. */
  public static final int NONE = -1;

  /**
   * A stretch of code that is entered at its start only.
   *
   * @param pc guest address of its first instruction
   * @param code its instructions; each follows the one before
   * @param ways where its branches and jumps lead, and where it goes on: number of the node by
   *     guest address, for those that stay inside
   * @param targets where its indirect jump or call may lead, as far as that is known and stays
   *     inside
   * @param callee number of the node where the function starts that it calls at its end, or {@link
   *     #NONE}
   * @param back where it returns to, or null
   * @param comesBack number of the node where it goes on when the function it calls at its end,
   *     outside, has returned, or {@link #NONE}
   * @param depth how many loops of the region it is part of
   * @param isHead whether one of these is entered there
   * @param polls whether it asks first if somebody wants the guest to stop
   */
  public record Node(
      long pc,
      List<Instruction> code,
      Map<Long, Integer> ways,
      List<Target> targets,
      int callee,
      Return back,
      int comesBack,
      int depth,
      boolean isHead,
      boolean polls) {
    /** Fills the empty block with the node's meaning. */
    public void lift(LiftMode mode, IrBlock block) {
      Lifter lifter = new Lifter(mode);
      long at = pc;
      for (Instruction instruction : code) {
        if (lifter.lift(instruction, at, block)) {
          return;
        }
        at += instruction.length();
      }
      block.emit(IrOp.JUMP, IrBlock.NONE, at);
    }

    /** The same with other numbers of nodes; NONE stays what it is. */
    Node renumbered(IntUnaryOperator numbers) {
      IntUnaryOperator number = to -> to == NONE ? NONE : numbers.applyAsInt(to);
      Map<Long, Integer> newWays = new HashMap<>();
      ways.forEach((at, to) -> newWays.put(at, number.applyAsInt(to)));
      List<Target> newTargets = new ArrayList<>();
      for (Target target : targets) {
        newTargets.add(new Target(target.pc(), number.applyAsInt(target.node())));
      }
      Return newBack =
          back == null
              ? null
              : new Return(back.pc(), number.applyAsInt(back.node()), back.isSure());
      int newCallee = number.applyAsInt(callee);
      int newComesBack = number.applyAsInt(comesBack);
      return new Node(
          pc, code, newWays, newTargets, newCallee, newBack, newComesBack, depth, isHead, polls);
    }

    /** The numbers of the nodes it leads to. */
    public Set<Integer> successors() {
      Set<Integer> found = new TreeSet<>(ways.values());
      targets.forEach(target -> found.add(target.node()));
      found.add(callee);
      found.add(comesBack);
      if (back != null) {
        found.add(back.node());
      }
      found.remove(NONE);
      return found;
    }

    /** The same with other ways. */
    public Node withWays(Map<Long, Integer> others) {
      return new Node(pc, code, others, targets, callee, back, comesBack, depth, isHead, polls);
    }

    /** The same where no loop is said to be entered, and nobody is asked whether to stop. */
    Node withoutPoll() {
      return new Node(pc, code, ways, targets, callee, back, comesBack, depth, false, false);
    }
  }

  /**
   * A place where an indirect jump or call may lead.
   *
   * @param pc guest address
   * @param node number of the node there
   */
  public record Target(long pc, int node) {}

  /**
   * A return to the caller within the region.
   *
   * @param pc guest address behind the call
   * @param node number of the node there
   * @param isSure whether the function has kept the return address in its register, so that it
   *     cannot return anywhere else
   */
  public record Return(long pc, int node, boolean isSure) {}

  RegionOutline(int head, List<Node> nodes, boolean isFunction) {
    this(head, nodes, isFunction, Entrance.CHECKED, List.of(), Set.of());
  }

  /** The same, entered otherwise; what registers have been seen to hold is for who checks it. */
  public RegionOutline entered(Entrance other) {
    return new RegionOutline(head, nodes, isFunction, other, List.of(), steady);
  }

  /** The same, with what registers have been seen to hold. */
  public RegionOutline supposing(List<Supposition> values) {
    return new RegionOutline(head, nodes, isFunction, entrance, values, steady);
  }

  /** The same, with branches whose ways are known to be easy to predict. */
  public RegionOutline withSteady(Set<Long> branches) {
    return new RegionOutline(head, nodes, isFunction, entrance, likely, branches);
  }

  /**
   * The sum of its instructions' addresses: hardly the same as that of another region around there,
   * or of this one when its indirect jumps and calls lead elsewhere, but the same wherever it was
   * found and so cut into parts.
   */
  public int shape() {
    int sum = 0;
    for (Node node : nodes) {
      long at = node.pc();
      for (Instruction instruction : node.code()) {
        sum += (int) at;
        at += instruction.length();
      }
    }
    return sum;
  }

  /** The guest addresses of its instructions. */
  public Set<Long> addresses() {
    Set<Long> found = new HashSet<>();
    for (Node node : nodes) {
      long at = node.pc();
      for (Instruction instruction : node.code()) {
        found.add(at);
        at += instruction.length();
      }
    }
    return found;
  }

  /** Guest address at which it is entered. */
  public long pc() {
    return nodes.get(head).pc();
  }

  /** Whether indirect jumps or calls stay inside, as far as known when it was made. */
  public boolean hasChoices() {
    for (Node node : nodes) {
      if (!node.targets().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** The guest addresses of indirect calls that stay inside, as far as known. */
  public List<Long> indirectCalls() {
    List<Long> found = new ArrayList<>();
    for (Node node : nodes) {
      Instruction last = node.code().getLast();
      if (!node.targets().isEmpty() && Jumps.isIndirectCall(last)) {
        long at = node.pc();
        for (Instruction before : node.code().subList(0, node.code().size() - 1)) {
          at += before.length();
        }
        found.add(at);
      }
    }
    return found;
  }

  /** Whether it has copies of functions, whose code may run elsewhere, too. */
  public boolean hasCopies() {
    for (Node node : nodes) {
      if (isFunction || node.callee() != NONE || node.back() != null) {
        return true;
      }
    }
    return false;
  }

  /** Whether the guest's code is still what the outline was made of. */
  public boolean isStillIn(CodeSource code) {
    for (Node node : nodes) {
      long at = node.pc();
      for (Instruction instruction : node.code()) {
        if (!code.holds(at, instruction.bits())) {
          return false;
        }
        at += instruction.length();
      }
    }
    return true;
  }

  /** Number of guest instructions in it. */
  public int instructionCount() {
    int count = 0;
    for (Node node : nodes) {
      count += node.code().size();
    }
    return count;
  }
}
