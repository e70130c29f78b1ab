package dev.isomorph.translator.lift;

import java.util.ArrayList;
import java.util.List;

/**
 * Has small innermost loops twice, one copy behind the other: the first one goes round into the
 * second one, and that into the first one, which alone polls. The second one knows what the first
 * one has computed; and what a round leaves for the guest's state alone is seldom asked for between
 * the two.
 */
public final class LoopUnrolling {
  private final RegionOutline outline;
  private final SmallLoops loops;

  /** By node, its number, and that of its copy. */
  private final int[] first;

  private final int[] second;

  private LoopUnrolling(RegionOutline outline, SmallLoops loops) {
    this.outline = outline;
    this.loops = loops;
    first = new int[outline.nodes().size()];
    second = new int[first.length];
  }

  /** The region with such copies; as it is if there is nothing to be copied. */
  public static RegionOutline unroll(RegionOutline outline) {
    if (outline.isFunction() || new SmallLoops(outline).isEmpty()) {
      return outline;
    }
    RegionOutline cut = LoopTails.cut(outline);
    return new LoopUnrolling(cut, new SmallLoops(cut)).unroll();
  }

  private RegionOutline unroll() {
    int count = 0;
    for (int node = 0; node < first.length; node++) {
      first[node] = count++;
      LoopNest.Body loop = loops.around(node);
      if (isLast(node, loop)) {
        for (int member : loop.nodes()) {
          second[member] = count++;
        }
      }
    }
    List<RegionOutline.Node> nodes = new ArrayList<>();
    for (int node = 0; node < first.length; node++) {
      nodes.add(copy(node, first));
      LoopNest.Body loop = loops.around(node);
      if (isLast(node, loop)) {
        for (int member : loop.nodes()) {
          nodes.add(copy(member, second).withoutPoll());
        }
      }
    }
    return new RegionOutline(entered(outline.head()), nodes, false);
  }

  private static boolean isLast(int node, LoopNest.Body loop) {
    return loop != null && loop.nodes().last() == node;
  }

  /** A node that goes on where {@code numbers} says, but when it goes round. */
  private RegionOutline.Node copy(int from, int[] numbers) {
    return outline.nodes().get(from).renumbered(to -> number(from, to, numbers));
  }

  private int number(int from, int to, int[] numbers) {
    if (!loops.staysInside(from, to)) {
      return entered(to);
    }
    return isHead(to) ? (numbers == first ? second : first)[to] : numbers[to];
  }

  /**
   * Where it goes on if it comes from outside of the loop: so that it polls before it is outside
   * once more, unless it never gets to the head.
   */
  private int entered(int node) {
    return loops.around(node) == null || isHead(node) ? first[node] : second[node];
  }

  private boolean isHead(int node) {
    return SmallLoops.head(loops.around(node)) == node;
  }
}
