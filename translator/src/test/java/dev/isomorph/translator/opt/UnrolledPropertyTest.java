package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.region.RandomFloatLoop;
import dev.isomorph.translator.region.RandomLoop;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionMachine;
import dev.isomorph.translator.region.RegionPassObserver;
import dev.isomorph.translator.region.TestRegion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Loops whose small ones are there twice end as they do once, wherever that is: at an exit, at each
 * store that fails, and at each of their polls, which are some of those they had.
 */
class UnrolledPropertyTest {
  private static final int MANY = 400;
  private static final int POLLS = 24;
  private static final int STORES = 10;

  /** One store stays one, so that the same one fails. */
  private static final Set<Pass> PASSES = passes();

  private static Set<Pass> passes() {
    Set<Pass> passes = new HashSet<>(Pass.ALL);
    passes.remove(Pass.JOINED_STORES);
    passes.remove(Pass.STORED_PIECES);
    passes.remove(Pass.REDUNDANT_STORES);
    return passes;
  }

  /** A region once without any pass, and unrolled. */
  private record Pair(RegionGraph once, RegionGraph twice) {
    static Pair of(RiscvAssembler code) {
      RegionGraph twice = TestRegion.unrolled(code, PASSES);
      RegionOptimizer.optimise(twice, PASSES, RegionPassObserver.NONE);
      return new Pair(TestRegion.of(code, EnumSet.noneOf(Pass.class)), twice);
    }

    void assertEndsAlike(long seed) {
      for (int store = 0; store <= STORES; store++) {
        String expected = new RegionMachine(once, seed).failing(store).run(MANY);
        String end = new RegionMachine(twice, seed).failing(store).run(MANY);
        boolean isEntered = !end.startsWith(RegionMachine.NOT_ENTERED);
        if (isEntered && !expected.startsWith("polls")) {
          assertEquals(expected, end, this::toString);
        }
      }
    }

    void assertPollsAlike(long seed) {
      List<String> all = new ArrayList<>();
      for (int poll = 0; poll < 2 * POLLS; poll++) {
        all.add(new RegionMachine(once, seed).run(poll));
      }
      int next = 0;
      for (int poll = 0; poll < POLLS; poll++) {
        String end = new RegionMachine(twice, seed).run(poll);
        if (end.startsWith("polls")) {
          int at = all.subList(next, all.size()).indexOf(end);
          assertTrue(at >= 0, () -> end + "\n" + this);
          next += at + 1;
        }
        if (next > POLLS) {
          return;
        }
      }
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 600)
  void integersAreAlike(@ForAll long seed) {
    Pair pair = Pair.of(RandomLoop.of(new Random(seed)));
    pair.assertEndsAlike(seed);
    pair.assertPollsAlike(seed);
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 600)
  void floatsAreAlike(@ForAll long seed) {
    Pair pair = Pair.of(RandomFloatLoop.of(new Random(seed), seed % 3 == 0));
    pair.assertEndsAlike(seed);
    pair.assertPollsAlike(seed);
  }
}
