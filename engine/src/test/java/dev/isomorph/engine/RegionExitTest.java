package dev.isomorph.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.LiftMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wherever a region is left in its middle, the guest's state is what the evaluator has there. Each
 * {@link RandomLoop} runs to its end first, so that it has its regions; or they were kept from
 * before.
 */
class RegionExitTest {
  private static final int LOOPS = Integer.getInteger("isomorph.programs", 60);

  /** Bytes of the instruction that sets the poll flag. */
  private static final int STORE = 4;

  private static final EngineOptions AT_ONCE =
      EngineOptions.DEFAULT.withRegions(EngineOptions.Regions.AT_ONCE);
  private static final int MOST_STEPS = 20_000;
  private static final long NO_POLL = TestMemory.DATA + TestMemory.DATA_SIZE - 1;
  private static final int FRM_SHIFT = 5;

  /** Number of slots, pc and fflags. */
  private static final int STATE = StateSlot.COUNT + 2;

  private final Random random = new Random();

  /** A loop, with an engine and an evaluator that run it. */
  private static final class Case implements AutoCloseable {
    final RandomLoop loop;
    final long[] data;
    final TestMemory memory = new TestMemory();
    final Engine engine;
    final Hart hart;
    final TestMemory otherMemory = new TestMemory();

    private Case(RandomLoop loop, long[] data, EngineOptions options) {
      this.loop = loop;
      this.data = data;
      engine = new Engine(memory, options);
      hart = engine.newHart();
      memory.code(loop.code());
      otherMemory.code(loop.code());
    }

    /**
     * A random one.
     *
     * @param store where it gets its regions from, as an engine has put them there before; or null
     */
    static Case of(Random random, TranslationStore store) {
      RandomLoop loop = new RandomLoop(random);
      long[] data = loop.data();
      EngineOptions options = AT_ONCE.withTranslations(store);
      if (store != null) {
        try (Case before = new Case(loop, data, options)) {
          before.runToTheEnd();
        }
      }
      return new Case(loop, data, options);
    }

    void runToTheEnd() {
      for (int run = 0; run < 3; run++) {
        start(-1, 0, NO_POLL);
        assertInstanceOf(Stop.SystemCall.class, hart.run());
      }
    }

    /** The guest address that is the hart's poll flag. */
    long pollFlag() {
      return hart.pollFlagAddress() - memory.windowBase();
    }

    void fill(TestMemory with) {
      for (int i = 0; i < data.length; i++) {
        with.write64(TestMemory.DATA + 8L * i, data[i]);
      }
    }

    void start(int failing, int executions, long poll) {
      fill(memory);
      loop.start(
          new RandomLoop.Registers() {
            @Override
            public void x(int i, long value) {
              hart.x(i, value);
            }

            @Override
            public void f(int i, long value) {
              hart.f(i, value);
            }

            @Override
            public void fcsr(int value) {
              hart.fcsr(value);
            }
          },
          failing,
          executions,
          poll);
      hart.pc(TestMemory.CODE);
    }

    /** The states that the evaluator goes through; the memory is as it leaves it then. */
    Trace trace(int failing, int executions, long poll) {
      fill(otherMemory);
      return new Trace(this, failing, executions, poll);
    }

    void assertSameMemory() {
      for (int i = 0; i < data.length; i++) {
        long at = TestMemory.DATA + 8L * i;
        assertEquals(otherMemory.read64(at), memory.read64(at), () -> Long.toHexString(at));
      }
    }

    long[] state() {
      long[] state = new long[STATE];
      for (int slot = 1; slot < StateSlot.COUNT; slot++) {
        state[slot] = hart.evaluatorView().get(slot);
      }
      state[StateSlot.COUNT] = hart.pc();
      state[StateSlot.COUNT + 1] = hart.evaluatorView().fflags();
      return state;
    }

    @Override
    public void close() {
      hart.close();
      engine.close();
      memory.close();
      otherMemory.close();
    }
  }

  /** What the evaluator does, instruction by instruction. */
  private static final class Trace implements RandomLoop.Registers {
    final List<long[]> states = new ArrayList<>();
    final Outcome end;
    private final ArrayState state = new ArrayState();

    Trace(Case of, int failing, int executions, long poll) {
      of.loop.start(this, failing, executions, poll);
      DataMemory memory = new IgnoringStores(new WindowMemory(of.otherMemory), poll);
      GuestCode code = new GuestCode(of.otherMemory);
      code.refresh();
      BlockLifter lifter = new BlockLifter(1);
      Evaluator evaluator = new Evaluator();
      IrBlock block = new IrBlock();
      Outcome outcome = null;
      long pc = TestMemory.CODE;
      do {
        note(pc);
        block.clear();
        lifter.lift(code, pc, LiftMode.EVALUATE, block);
        outcome = evaluator.run(block, state, memory);
        pc = outcome.nextPc();
      } while (outcome.kind() == Outcome.Kind.EXIT && states.size() < MOST_STEPS);
      end = outcome;
    }

    private void note(long pc) {
      long[] noted = new long[STATE];
      for (int slot = 1; slot < StateSlot.COUNT; slot++) {
        noted[slot] = state.get(slot);
      }
      noted[StateSlot.COUNT] = pc;
      noted[StateSlot.COUNT + 1] = state.fflags();
      states.add(noted);
    }

    @Override
    public void x(int i, long value) {
      state.put(StateSlot.x(i), value);
    }

    @Override
    public void f(int i, long value) {
      state.put(StateSlot.f(i), value);
    }

    @Override
    public void fcsr(int value) {
      state.put(StateSlot.FRM, value >> FRM_SHIFT);
    }
  }

  /** Memory that one address may be written without effect in, as the poll flag is none of it. */
  private record IgnoringStores(DataMemory memory, long ignored) implements DataMemory {
    @Override
    public long load(long address, int bytes) {
      return memory.load(address, bytes);
    }

    @Override
    public void store(long address, int bytes, long value) {
      if (address != ignored) {
        memory.store(address, bytes, value);
      }
    }

    @Override
    public boolean compareAndSet(long address, int bytes, long expected, long value) {
      return memory.compareAndSet(address, bytes, expected, value);
    }

    @Override
    public void zeroBlock(long address) {
      memory.zeroBlock(address);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void faultsArePrecise(boolean kept) {
    TranslationStore store = kept ? TranslationStore.ofThisRun() : null;
    int faults = 0;
    long regions = 0;
    long first = Long.getLong("isomorph.seed", 1);
    for (long seed = first; seed < first + LOOPS; seed++) {
      random.setSeed(seed);
      try (Case each = Case.of(random, store)) {
        each.runToTheEnd();
        EngineStats stats = each.engine.stats();
        regions += kept ? stats.regionsRevived() : stats.regions();
        for (int access = 0; access < each.loop.accesses(); access++) {
          faults += fault(each, access, random.nextInt(12), NO_POLL, seed) ? 1 : 0;
        }
      }
    }
    assertTrue(regions >= LOOPS, regions + " regions");
    assertTrue(faults >= LOOPS, faults + " faults");
  }

  private static boolean fault(Case each, int access, int executions, long poll, long seed) {
    String where = "seed " + seed + ", access " + access + " after " + executions;
    Trace trace = each.trace(access, executions, poll);
    each.start(access, executions, poll);
    Stop stop = each.hart.run();
    assertArrayEquals(trace.states.getLast(), each.state(), where);
    each.assertSameMemory();
    if (trace.end.kind() != Outcome.Kind.MEMORY_FAULT) {
      assertInstanceOf(Stop.SystemCall.class, stop, where);
      return false;
    }
    Stop.MemoryFault fault = assertInstanceOf(Stop.MemoryFault.class, stop, where);
    assertEquals(trace.end.address(), fault.address(), where);
    return true;
  }

  /** The guest itself sets the poll flag, again and again, so nothing depends on time. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pollsArePrecise(boolean kept) {
    TranslationStore store = kept ? TranslationStore.ofThisRun() : null;
    int polls = 0;
    long first = Long.getLong("isomorph.seed", 1);
    for (long seed = first; seed < first + LOOPS; seed++) {
      random.setSeed(seed);
      try (Case each = Case.of(random, store)) {
        long flag = each.pollFlag();
        Trace trace = each.trace(-1, 0, flag);
        for (int run = 0; run < 3; run++) {
          each.start(-1, 0, flag);
          polls += follow(each, trace, flag, "seed " + seed + ", run " + run);
        }
      }
    }
    assertTrue(polls >= LOOPS, polls + " polls");
  }

  /**
   * Runs to the end; each stop before must be a state the evaluator goes through, in order. Where a
   * region is not entered, the evaluator runs an instruction: the flag is nothing that it can set.
   */
  private static int follow(Case each, Trace trace, long flag, String where) {
    int polls = 0;
    int at = 0;
    while (true) {
      Stop stop = each.hart.run();
      if (stop instanceof Stop.MemoryFault fault && fault.address() == flag) {
        each.hart.pc(each.hart.pc() + STORE);
      } else if (!(stop instanceof Stop.Polled)) {
        break;
      }
      polls++;
      long[] state = each.state();
      while (!Arrays.equals(trace.states.get(at), state)) {
        at++;
        assertTrue(at < trace.states.size(), where + ": the evaluator is never there");
      }
    }
    assertArrayEquals(trace.states.getLast(), each.state(), where);
    each.assertSameMemory();
    return polls;
  }
}
