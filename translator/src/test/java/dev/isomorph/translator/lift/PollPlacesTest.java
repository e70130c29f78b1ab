package dev.isomorph.translator.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PollPlacesTest {
  private static BitSet choose(List<Set<Integer>> successors, int... heads) {
    BitSet all = new BitSet();
    Arrays.stream(heads).forEach(all::set);
    int[] depths = new int[successors.size()];
    Arrays.fill(depths, 1);
    return PollPlaces.choose(successors, all, depths);
  }

  @Test
  void aLoopOfItsOwnKeepsItsHead() {
    assertEquals("{0}", choose(List.of(Set.of(0)), 0).toString());
    assertEquals("{0, 1}", choose(List.of(Set.of(0, 1), Set.of(1)), 0, 1).toString());
  }

  @Test
  void anOuterLoopWhoseInnerOneIsNeverSkippedNeedsNone() {
    // 0 -> 1, 1 -> 1, 1 -> 2, 2 -> 0
    List<Set<Integer>> nested = List.of(Set.of(1), Set.of(1, 2), Set.of(0));
    assertEquals("{1}", choose(nested, 0, 1).toString());
    // If it can be skipped, both.
    List<Set<Integer>> skipping = List.of(Set.of(1, 2), Set.of(1, 2), Set.of(0));
    assertEquals("{0, 1}", choose(skipping, 0, 1).toString());
  }

  @Test
  void ofTwoHeadsOneBehindTheOtherOneIsEnough() {
    // As of "continue": both are jumped back to from 2.
    List<Set<Integer>> loop = List.of(Set.of(1), Set.of(2), Set.of(0, 1));
    assertEquals("{1}", choose(loop, 0, 1).toString());
  }

  @Test
  void eachCycleHasOne() {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      int nodes = 1 + random.nextInt(8);
      List<Set<Integer>> successors = new ArrayList<>();
      Set<Integer> heads = new TreeSet<>();
      for (int from = 0; from < nodes; from++) {
        Set<Integer> to = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          to.add(random.nextInt(nodes));
        }
        successors.add(to);
        for (int head : to) {
          if (head <= from) {
            heads.add(head);
          }
        }
      }
      BitSet polls = choose(successors, heads.stream().mapToInt(Integer::intValue).toArray());
      assertEquals(0, cyclesWithout(successors, polls), "seed " + seed);
    }
  }

  /** Nodes that are left when those that lead to none of the others are taken away by and by. */
  private static int cyclesWithout(List<Set<Integer>> successors, BitSet polls) {
    Set<Integer> left = new TreeSet<>();
    for (int node = 0; node < successors.size(); node++) {
      if (!polls.get(node)) {
        left.add(node);
      }
    }
    while (left.removeIf(node -> successors.get(node).stream().noneMatch(left::contains))) {}
    return left.size();
  }
}
