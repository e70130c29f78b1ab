package dev.isomorph.translator.lift;

import static dev.isomorph.translator.lift.RegionOutline.NONE;

import dev.isomorph.decoder.Instruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts off from small loops what stands behind their last way round in the same part: it is no part
 * of the loop, so it need not be there twice.
 */
final class LoopTails {
  private final RegionOutline outline;
  private final SmallLoops loops;

  private LoopTails(RegionOutline outline) {
    this.outline = outline;
    loops = new SmallLoops(outline);
  }

  /** The same region with such ends as parts of their own. */
  static RegionOutline cut(RegionOutline outline) {
    return new LoopTails(outline).cut();
  }

  private RegionOutline cut() {
    int[] first = new int[outline.nodes().size()];
    int count = 0;
    for (int number = 0; number < first.length; number++) {
      first[number] = count;
      count += tail(number) == NONE ? 1 : 2;
    }
    List<RegionOutline.Node> nodes = new ArrayList<>();
    for (int number = 0; number < first.length; number++) {
      RegionOutline.Node node = outline.nodes().get(number).renumbered(to -> first[to]);
      int tail = tail(number);
      if (tail == NONE) {
        nodes.add(node);
      } else {
        long pc = node.pc();
        for (Instruction before : node.code().subList(0, tail)) {
          pc += before.length();
        }
        nodes.add(start(node, tail, pc, nodes.size() + 1));
        nodes.add(end(node, tail, pc));
      }
    }
    return new RegionOutline(first[outline.head()], nodes, outline.isFunction());
  }

  /** The first instruction of a node behind all that lead on in its loop; NONE if there is none. */
  private int tail(int number) {
    RegionOutline.Node node = outline.nodes().get(number);
    if (loops.around(number) == null) {
      return NONE;
    }
    int tail = NONE;
    long at = node.pc();
    for (int i = 0; i < node.code().size(); i++) {
      Instruction instruction = node.code().get(i);
      if (loops.staysInside(number, target(node, at, instruction))) {
        tail = i + 1;
      }
      at += instruction.length();
    }
    boolean goesOnInside = loops.staysInside(number, node.ways().getOrDefault(at, NONE));
    boolean returnsInside =
        node.back() != null && loops.staysInside(number, node.back().node())
            || loops.staysInside(number, node.callee());
    return goesOnInside || returnsInside || tail == node.code().size() ? NONE : tail;
  }

  private static int target(RegionOutline.Node node, long at, Instruction instruction) {
    return isJump(instruction) ? node.ways().getOrDefault(at + instruction.imm(), NONE) : NONE;
  }

  private static boolean isJump(Instruction instruction) {
    return Jumps.isBranch(instruction) || Jumps.isPlainJump(instruction);
  }

  private static RegionOutline.Node start(RegionOutline.Node node, int tail, long pc, int next) {
    List<Instruction> code = node.code().subList(0, tail);
    Map<Long, Integer> ways = ways(node, node.pc(), code);
    ways.put(pc, next);
    return new RegionOutline.Node(
        node.pc(),
        code,
        ways,
        List.of(),
        NONE,
        null,
        NONE,
        node.depth(),
        node.isHead(),
        node.polls());
  }

  private static RegionOutline.Node end(RegionOutline.Node node, int tail, long pc) {
    List<Instruction> code = node.code().subList(tail, node.code().size());
    return new RegionOutline.Node(
        pc,
        code,
        ways(node, pc, code),
        node.targets(),
        node.callee(),
        node.back(),
        node.comesBack(),
        node.depth() - 1,
        false,
        false);
  }

  /** Where some of a node's instructions lead. */
  private static Map<Long, Integer> ways(
      RegionOutline.Node node, long pc, List<Instruction> instructions) {
    Map<Long, Integer> ways = new HashMap<>();
    long at = pc;
    for (Instruction instruction : instructions) {
      if (isJump(instruction)) {
        copyWay(node, at + instruction.imm(), ways);
      }
      at += instruction.length();
    }
    copyWay(node, at, ways);
    return ways;
  }

  private static void copyWay(RegionOutline.Node node, long pc, Map<Long, Integer> to) {
    if (node.ways().containsKey(pc)) {
      to.put(pc, node.ways().get(pc));
    }
  }
}
