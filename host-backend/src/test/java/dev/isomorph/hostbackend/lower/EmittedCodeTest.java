package dev.isomorph.hostbackend.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrVerifier;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.opt.Optimizer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Emitted code does what the evaluator does: random blocks, before and after optimisation. */
class EmittedCodeTest {
  private static final int BLOCKS = Integer.getInteger("isomorph.blocks", 1000);
  private static final int LENGTH = 40;

  @ParameterizedTest
  @EnumSource
  void doesWhatTheEvaluatorDoes(RandomIr.Profile profile) {
    judge(profile, Addressing.WINDOW, BLOCKS, false);
  }

  /** Pages that are missed come amid a block, or do not come; all that is alive survives. */
  @ParameterizedTest
  @EnumSource
  void doesWhatTheEvaluatorDoesThoughPagesAreMissed(RandomIr.Profile profile) {
    judge(profile, Addressing.PAGED, BLOCKS, false);
  }

  /** With the poll flag set blocks stop at the first place that polls, the state being exact. */
  @ParameterizedTest
  @EnumSource
  void stopsExactlyWhenPolled(RandomIr.Profile profile) {
    judge(profile, Addressing.WINDOW, BLOCKS / 4, true);
  }

  @ParameterizedTest
  @EnumSource
  void stopsExactlyWhenPolledThoughPagesAreMissed(RandomIr.Profile profile) {
    judge(profile, Addressing.PAGED, BLOCKS / 4, true);
  }

  private static void judge(
      RandomIr.Profile profile, Addressing addressing, int blocks, boolean polled) {
    long firstSeed = Long.getLong("isomorph.seed", 1);
    try (Judge judge = new Judge(addressing, polled)) {
      for (long seed = firstSeed; seed < firstSeed + blocks; seed++) {
        Random random = new Random(seed);
        ArrayState start = States.random(random);
        byte[] memory = new byte[2 * GuestPages.PAGE];
        random.nextBytes(memory);
        int frm = (int) start.get(StateSlot.FRM);
        IrBlock block = RandomIr.block(random, profile, frm, LENGTH, addressing);
        assertTrue(IrVerifier.verify(block));
        check(judge, "seed " + seed, block, start, memory);
        check(judge, "optimised, seed " + seed, new Optimizer().optimise(block), start, memory);
      }
      int completed = judge.completed();
      assertTrue(completed > blocks / 4, () -> "only " + completed + " blocks ran to an exit");
      boolean misses = addressing == Addressing.PAGED && profile.hasMemory();
      assertEquals(misses, judge.misses() > 0, () -> judge.misses() + " misses");
    }
  }

  private static void check(
      Judge judge, String what, IrBlock block, ArrayState start, byte[] memory) {
    String fault = judge.fault(block, start, memory);
    if (fault != null) {
      IrBlock small = Reducer.reduce(block, b -> judge.fault(b, start, memory) != null);
      String smallFault = judge.fault(small, start, memory);
      fail(what + ": " + fault + "\n" + smallFault + " in\n" + small);
    }
  }
}
