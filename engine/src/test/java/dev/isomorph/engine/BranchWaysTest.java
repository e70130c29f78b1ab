package dev.isomorph.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BranchWaysTest {
  private static final long BRANCH = 0x1000;
  private static final Set<Long> ALONE = Set.of(BRANCH);
  private static final int OFTEN = 150;

  private final TestMemory memory = new TestMemory();
  private final Engine engine = new Engine(memory, EngineOptions.DEFAULT);
  private final Hart hart = engine.newHart();
  private final BranchWays branches = new BranchWays();

  @AfterEach
  void close() {
    engine.close();
    memory.close();
  }

  /** Whether a branch is steady that goes such ways. */
  private boolean isSteady(int times, IntPredicate isTaken) {
    assertTrue(branches.want(ALONE, hart));
    for (int i = 0; i < times; i++) {
      branches.add(BRANCH, isTaken.test(i));
    }
    look();
    return branches.steady(ALONE).equals(ALONE);
  }

  /** To its end. */
  private void look() {
    for (int moment = 0; branches.isWanted(hart); moment++) {
      assertTrue(moment < 8);
      branches.looked();
    }
  }

  @Test
  void theSameWayIsSteady() {
    assertTrue(isSteady(OFTEN, _ -> true));
  }

  @Test
  void byTurnsIsSteady() {
    assertTrue(isSteady(OFTEN, i -> i % 2 == 0));
  }

  @Test
  void aShortPatternIsSteady() {
    assertTrue(isSteady(OFTEN, i -> i % 5 < 2));
  }

  /** As where the cell itself is left out of those around it. */
  @Test
  void onceInEightIsSteady() {
    assertTrue(isSteady(OFTEN, i -> i % 8 == 4));
  }

  @Test
  void fewExceptionsAreSteady() {
    assertTrue(isSteady(OFTEN, i -> i % 37 == 0));
  }

  @Test
  void randomIsNotSteady() {
    Random random = new Random(1);
    assertFalse(isSteady(OFTEN, _ -> random.nextBoolean()));
  }

  @Test
  void oneInEightIsNotSteady() {
    Random random = new Random(1);
    assertFalse(isSteady(OFTEN, _ -> random.nextInt(8) == 0));
  }

  @Test
  void whatIsEasyAtOneMomentOnlyIsNotSteady() {
    Random random = new Random(1);
    assertTrue(branches.want(ALONE, hart));
    for (int moment = 0; moment < 4; moment++) {
      for (int i = 0; i < OFTEN / 4; i++) {
        branches.add(BRANCH, moment == 0 || random.nextBoolean());
      }
      assertEquals(Set.of(), branches.steady(ALONE));
      branches.looked();
    }
    assertEquals(Set.of(), branches.steady(ALONE));
  }

  @Test
  void momentsElsewhereAreNotCounted() {
    assertTrue(branches.want(ALONE, hart));
    for (int moment = 0; moment < 7; moment++) {
      assertTrue(branches.isWanted(hart));
      for (int i = 0; i < OFTEN && moment % 2 == 0; i++) {
        branches.add(BRANCH, true);
      }
      branches.looked();
    }
    assertFalse(branches.isWanted(hart));
    assertEquals(ALONE, branches.steady(ALONE));
  }

  @Test
  void nothingIsSaidOfWhatIsSeldomSeen() {
    assertFalse(isSteady(60, _ -> true));
  }

  @Test
  void oneLookIsEnough() {
    assertTrue(branches.want(ALONE, hart));
    assertTrue(branches.isWanted(hart));
    assertFalse(branches.isWanted(engine.newHart()));
    look();
    assertFalse(branches.isWanted(hart));
    assertFalse(branches.want(ALONE, hart));
    assertTrue(branches.want(Set.of(BRANCH, BRANCH + 4), hart));
  }

  @Test
  void othersAreNotLookedAt() {
    branches.want(ALONE, hart);
    for (int i = 0; i < OFTEN; i++) {
      branches.add(BRANCH + 4, true);
    }
    look();
    assertEquals(Set.of(), branches.steady(Set.of(BRANCH, BRANCH + 4)));
  }
}
