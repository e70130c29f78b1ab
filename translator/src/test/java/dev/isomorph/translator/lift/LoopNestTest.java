package dev.isomorph.translator.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Graphs are told by their edges, {@code from, to}; loops by their heads and nodes. */
class LoopNestTest {
  /** The loops of a graph whose nodes are in the order of their numbers. */
  private static Set<String> loops(int[]... edges) {
    return loops(new BitSet(), edges);
  }

  private static Set<String> loops(BitSet choices, int[]... edges) {
    List<Set<Integer>> successors = new ArrayList<>();
    for (int[] edge : edges) {
      while (successors.size() <= Math.max(edge[0], edge[1])) {
        successors.add(new HashSet<>());
      }
      successors.get(edge[0]).add(edge[1]);
    }
    LoopHeads heads = new LoopHeads(successors, choices, new BitSet());
    Set<String> loops = new HashSet<>();
    for (LoopNest.Body body : LoopNest.of(successors, heads)) {
      loops.add(body.heads() + ": " + body.nodes());
    }
    return loops;
  }

  private static int[] edge(int from, int to) {
    return new int[] {from, to};
  }

  @Test
  void aNodeMayBeALoop() {
    assertEquals(Set.of("[1]: [1]"), loops(edge(0, 1), edge(1, 1), edge(1, 2)));
  }

  @Test
  void allWaysBackOfOneChoiceAreOneLoop() {
    BitSet choices = new BitSet();
    choices.set(3);
    int[][] edges = {edge(0, 1), edge(1, 2), edge(2, 3), edge(3, 0), edge(3, 1), edge(3, 2)};
    assertEquals(Set.of("[0, 1, 2]: [0, 1, 2, 3]"), loops(choices, edges));
    assertEquals(3, loops(edges).size());
  }

  @Test
  void aCaseThatGoesOnBehindItsChoiceIsNoLoop() {
    // 1 chooses 3, 4 or 5, which go on at 2; 5 has a loop of its own; 2 leads back to both heads.
    BitSet choices = new BitSet();
    choices.set(1);
    int[][] edges = {
      edge(0, 1),
      edge(1, 2),
      edge(2, 1),
      edge(2, 0),
      edge(1, 3),
      edge(1, 4),
      edge(1, 5),
      edge(3, 2),
      edge(4, 3),
      edge(5, 5),
      edge(5, 2)
    };
    assertEquals(
        Set.of("[0]: [0, 1, 2, 3, 4, 5]", "[1]: [1, 2, 3, 4, 5]", "[5]: [5]"),
        loops(choices, edges));
  }

  @Test
  void noJumpBackwardsIsNoLoop() {
    assertEquals(Set.of(), loops(edge(0, 1), edge(0, 2), edge(1, 2)));
  }

  @Test
  void loopsNest() {
    assertEquals(
        Set.of("[0]: [0, 1, 2, 3]", "[1]: [1, 2]"),
        loops(edge(0, 1), edge(1, 2), edge(2, 1), edge(2, 3), edge(3, 0), edge(3, 4)));
  }

  @Test
  void loopsNestThreeDeep() {
    assertEquals(
        Set.of("[0]: [0, 1, 2, 3, 4]", "[1]: [1, 2, 3]", "[2]: [2]"),
        loops(edge(0, 1), edge(1, 2), edge(2, 2), edge(2, 3), edge(3, 1), edge(3, 4), edge(4, 0)));
  }

  @Test
  void loopsStandSideBySide() {
    assertEquals(
        Set.of("[0]: [0, 1]", "[2]: [2, 3]"),
        loops(edge(0, 1), edge(1, 0), edge(1, 2), edge(2, 3), edge(3, 2)));
  }

  @Test
  void loopsSideBySideAreInTheLoopAroundBoth() {
    assertEquals(
        Set.of("[0]: [0, 1, 2, 3]", "[1]: [1]", "[2]: [2]"),
        loops(edge(0, 1), edge(1, 1), edge(1, 2), edge(2, 2), edge(2, 3), edge(3, 0)));
  }

  @Test
  void jumpsBackToOneHeadAreOneLoop() {
    assertEquals(Set.of("[0]: [0, 1, 2]"), loops(edge(0, 1), edge(1, 0), edge(1, 2), edge(2, 0)));
  }

  @Test
  void loopsThatOverlapInTheLayoutNestByTheirFirstNodes() {
    assertEquals(
        Set.of("[0]: [0, 1, 2, 3]", "[1]: [1, 2, 3]"),
        loops(edge(0, 1), edge(1, 2), edge(2, 0), edge(2, 3), edge(3, 1)));
  }

  @Test
  void aLoopLaidOutWithinAnotherIsNoPartOfItIfItDoesNotLeadBack() {
    // 0 leads to its end at 5 and back; 2 to 4 are what comes behind that loop, laid out between.
    int[][] edges = {
      edge(0, 1), edge(1, 0), edge(1, 2), edge(2, 3), edge(3, 2), edge(3, 4), edge(0, 5), edge(5, 0)
    };
    assertEquals(Set.of("[0]: [0, 1, 5]", "[2]: [2, 3]"), loops(edges));
  }

  @Test
  void aJumpBackToTheMiddleIsNoLoopIfItLeadsThroughTheHead() {
    // What is seldom stands behind the loop, at 2 and 3, and goes on within it: 2 is a loop, not 1.
    assertEquals(
        Set.of("[0]: [0, 1, 2, 3]", "[2]: [2]"),
        loops(edge(0, 1), edge(0, 2), edge(1, 0), edge(2, 2), edge(2, 3), edge(3, 1), edge(3, 0)));
  }

  @Test
  void aLoopMayBeEnteredInItsMiddle() {
    // As a compiler lays out a test at the end that is jumped to first.
    assertEquals(
        Set.of("[1]: [1, 2, 3]"),
        loops(edge(0, 2), edge(1, 2), edge(2, 3), edge(3, 1), edge(3, 4)));
  }

  @Test
  void aSideOfABranchIsNoLoopsHeadThoughItIsLaidOutFirst() {
    // 2 is where the loop is entered; it goes round by itself, or through 1.
    assertEquals(
        Set.of("[2]: [1, 2, 3]"),
        loops(edge(0, 2), edge(1, 2), edge(2, 3), edge(2, 1), edge(3, 2), edge(3, 4)));
  }

  @Test
  void soItIsInALoop() {
    assertEquals(
        Set.of("[0]: [0, 1, 2, 3]", "[2]: [1, 2]"),
        loops(edge(0, 2), edge(1, 2), edge(2, 2), edge(2, 1), edge(1, 3), edge(3, 0)));
  }

  @Test
  void whatIsPassedByInAnInnerLoopIsTheHead() {
    // Entered in the middle, at 3, too; but 2 is a loop that does not lead there.
    assertEquals(
        Set.of("[1]: [1, 2, 3]", "[2]: [2]"),
        loops(edge(0, 3), edge(1, 2), edge(2, 2), edge(2, 3), edge(3, 1), edge(3, 4)));
  }

  @Test
  void anInnerLoopIsNotLeftThroughTheOuterHead() {
    // From node 2 the way back to 1 leads through the outer head, too: that is no part of it.
    assertEquals(
        Set.of("[0]: [0, 1, 2, 3]", "[1]: [1, 2]"),
        loops(edge(0, 1), edge(1, 2), edge(1, 3), edge(2, 1), edge(2, 0), edge(3, 0), edge(3, 4)));
  }

  @Test
  void whatIsLaidOutBehindALoopBelongsToItIfItLeadsBack() {
    // Node 3 stands behind the loop, yet only a jump forwards and one backwards lead through it.
    assertEquals(Set.of("[0]: [0, 1, 3]"), loops(edge(0, 1), edge(1, 0), edge(0, 3), edge(3, 0)));
  }

  @Test
  void jumpsBackToTwoHeadsFromOneNodeAreTwoLoops() {
    assertEquals(
        Set.of("[0]: [0, 1, 2]", "[1]: [1, 2]"),
        loops(edge(0, 1), edge(1, 2), edge(2, 0), edge(2, 1), edge(2, 3)));
  }

  @Test
  void loopsThatShareOneNodeNest() {
    assertEquals(
        Set.of("[0]: [0, 1, 2, 3, 4]", "[2]: [2, 3, 4]"),
        loops(edge(0, 1), edge(1, 2), edge(2, 0), edge(2, 3), edge(3, 4), edge(4, 2)));
  }
}
