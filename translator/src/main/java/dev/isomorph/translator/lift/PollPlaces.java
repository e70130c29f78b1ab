package dev.isomorph.translator.lift;

import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses where a region asks whether somebody wants the guest to stop: somewhere on each cycle, so
 * that this never takes long. Heads of loops will do, but fewer may be enough: whoever passes the
 * head of an inner loop each time round need not be asked at the head of the outer one, too.
 */
final class PollPlaces {
  private final List<Set<Integer>> successors;
  private final BitSet chosen;

  private PollPlaces(List<Set<Integer>> successors, BitSet heads) {
    this.successors = successors;
    chosen = (BitSet) heads.clone();
  }

  /**
   * Leaves out heads as long as no cycle is without one.
   *
   * @param successors by node; those that are negative lead out
   * @param heads nodes of which each cycle has one
   * @param depths by node, how many loops it is part of: the deepest are left out first
   */
  static BitSet choose(List<Set<Integer>> successors, BitSet heads, int[] depths) {
    PollPlaces places = new PollPlaces(successors, heads);
    for (int depth = deepest(depths); depth >= 0; depth--) {
      for (int head = heads.length() - 1; head >= 0; head--) {
        if (heads.get(head) && depths[head] == depth) {
          places.leaveOut(head);
        }
      }
    }
    return places.chosen;
  }

  private static int deepest(int[] depths) {
    int deepest = 0;
    for (int depth : depths) {
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  private void leaveOut(int head) {
    chosen.clear(head);
    if (reaches(head, head)) {
      chosen.set(head);
    }
  }

  /** Whether there is a way that passes none of those chosen. */
  private boolean reaches(int from, int to) {
    BitSet seen = new BitSet();
    seen.set(from);
    BitSet work = (BitSet) seen.clone();
    while (!work.isEmpty()) {
      int node = work.nextSetBit(0);
      work.clear(node);
      for (int next : successors.get(node)) {
        if (next == to) {
          return true;
        }
        if (next >= 0 && !chosen.get(next) && !seen.get(next)) {
          seen.set(next);
          work.set(next);
        }
      }
    }
    return false;
  }
}
