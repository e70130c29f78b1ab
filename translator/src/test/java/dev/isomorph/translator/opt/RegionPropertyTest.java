package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.lift.Supposition;
import dev.isomorph.translator.region.RandomFloatLoop;
import dev.isomorph.translator.region.RandomLoop;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionMachine;
import dev.isomorph.translator.region.RegionPassObserver;
import dev.isomorph.translator.region.TestRegion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Optimised regions end as they do without any pass: where, with which state and which memory. */
class RegionPropertyTest {
  private static final int POLLS = 40;

  /** Loops by seed. */
  private interface Loops {
    RiscvAssembler of(Random random);
  }

  private static RegionGraph region(Loops loops, long seed, Set<Pass> passes) {
    RegionGraph graph = TestRegion.of(loops.of(new Random(seed)), passes);
    RegionOptimizer.optimise(graph, passes, RegionPassObserver.NONE);
    return graph;
  }

  private static void assertSame(long seed, Set<Pass> passes) {
    assertSame(RandomLoop::of, true, seed, passes);
  }

  /**
   * @param enters whether regions are always entered with what their registers should have
   */
  private static void assertSame(Loops loops, boolean enters, long seed, Set<Pass> passes) {
    RegionGraph plain = region(loops, seed, EnumSet.noneOf(Pass.class));
    RegionGraph optimised = region(loops, seed, passes);
    for (long input = 0; input < 4; input++) {
      long start = (seed ^ input << 32) & -2 | input & 1;
      String end = new RegionMachine(optimised, start).run(POLLS);
      RegionMachine machine = new RegionMachine(plain, start);
      boolean isEntered = !end.startsWith(RegionMachine.NOT_ENTERED);
      assertTrue(isEntered || !enters || (input & 1) == 0, "not entered with words");
      String expected =
          isEntered ? machine.run(POLLS) : machine.beginning(RegionMachine.NOT_ENTERED);
      assertEquals(expected, end, () -> plain + "\n" + optimised);
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 1500)
  void allPassesLeaveWhatHappens(@ForAll long seed) {
    assertSame(seed, Pass.ALL);
  }

  /** Right suppositions change nothing; with wrong ones the region is not entered. */
  @Property(edgeCases = EdgeCasesMode.NONE, tries = 1500)
  void suppositionsLeaveWhatHappens(@ForAll long seed) {
    Random random = new Random(seed);
    RegionGraph plain = region(RandomLoop::of, seed, EnumSet.noneOf(Pass.class));
    RegionMachine machine = new RegionMachine(plain, seed | 1);
    List<Supposition> likely = new ArrayList<>();
    for (int register = 3; register < 32; register++) {
      int base = random.nextBoolean() ? 0 : 2;
      long distance = machine.entered(register) - machine.entered(base);
      likely.add(new Supposition(register, base, distance + (random.nextInt(40) == 0 ? 1 : 0)));
    }
    RegionGraph optimised = TestRegion.of(RandomLoop.of(new Random(seed)), Pass.ALL);
    optimised.suppose(likely);
    RegionOptimizer.optimise(optimised, Pass.ALL, RegionPassObserver.NONE);
    String end = new RegionMachine(optimised, seed | 1).run(POLLS);
    boolean isRight =
        optimised.suppositions().stream()
            .allMatch(
                each ->
                    machine.entered(each.register()) - machine.entered(each.base())
                        == each.distance());
    String expected = isRight ? machine.run(POLLS) : machine.beginning(RegionMachine.NOT_ENTERED);
    assertEquals(expected, end, () -> plain + "\n" + optimised);
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 1500)
  void anyPassesLeaveWhatHappens(@ForAll long seed, @ForAll Set<Pass> passes) {
    assertSame(seed, passes);
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 1500)
  void allPassesLeaveWhatFloatsAre(@ForAll long seed) {
    assertSame(random -> RandomFloatLoop.of(random, false), true, seed, Pass.ALL);
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 1500)
  void allPassesLeaveWhatMixedFloatsAre(@ForAll long seed) {
    assertSame(random -> RandomFloatLoop.of(random, true), false, seed, Pass.ALL);
  }

  @Property(edgeCases = EdgeCasesMode.NONE, tries = 1500)
  void anyPassesLeaveWhatFloatsAre(@ForAll long seed, @ForAll Set<Pass> passes) {
    assertSame(random -> RandomFloatLoop.of(random, true), false, seed, passes);
  }
}
