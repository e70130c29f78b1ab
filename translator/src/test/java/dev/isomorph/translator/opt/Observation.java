package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.Outcome;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.lift.BlockLifter;
import dev.isomorph.translator.lift.CodeSource;
import dev.isomorph.translator.lift.LiftMode;
import java.util.Random;
import java.util.TreeMap;

/** All that can be seen of a run: how it ended and what it left behind, as text. */
final class Observation {
  private Observation() {}

  /**
   * Runs a block.
   *
   * @param seed of the state it starts from
   * @param goodAccesses accesses to memory before one fails
   */
  static String of(IrBlock block, long seed, int goodAccesses) {
    ArrayState state = random(new Random(seed));
    CountingMemory memory = new CountingMemory(goodAccesses);
    String outcome = new Evaluator().run(block, state, memory).toString();
    return outcome + "\n" + seen(state, memory);
  }

  /**
   * Runs code block by block until it returns or is stopped.
   *
   * @param optimizer of the blocks, null to have them as they are lifted
   */
  static String of(CodeSource code, long start, Optimizer optimizer, long seed, int goodAccesses) {
    ArrayState state = random(new Random(seed));
    CountingMemory memory = new CountingMemory(goodAccesses);
    Evaluator evaluator = new Evaluator();
    BlockLifter lifter = new BlockLifter(BlockLifter.DEFAULT_LIMIT);
    long pc = start;
    while (true) {
      IrBlock block = new IrBlock();
      if (!lifter.lift(code, pc, LiftMode.TRANSLATE, block)) {
        return "at 0x" + Long.toHexString(pc) + "\n" + seen(state, memory);
      }
      IrBlock run = optimizer == null ? block : optimizer.optimise(block);
      Outcome outcome = evaluator.run(run, state, memory);
      if (outcome.kind() != Outcome.Kind.EXIT) {
        return outcome.kind() + " at " + outcome.pc() + "\n" + seen(state, memory);
      }
      pc = outcome.nextPc();
    }
  }

  private static String seen(ArrayState state, CountingMemory memory) {
    return text(state) + "\n" + new TreeMap<>(memory.contents());
  }

  /** Fails if a block optimised can be told from itself, from any of {@code states} states. */
  static void assertOptimisedAlike(IrBlock block, int states) {
    IrBlock optimised = new Optimizer().optimise(block);
    for (long seed = 0; seed < states; seed++) {
      assertEquals(
          of(block, seed, -1), of(optimised, seed, -1), () -> block + "became\n" + optimised);
    }
  }

  /** The operations before {@code end}, and a jump. */
  static IrBlock prefix(IrBlock block, int end) {
    IrBlock prefix = new IrBlock();
    prefix.copyInstructions(block);
    for (int id = 0; id < end; id++) {
      prefix.emitFor(
          block.instructionOf(id),
          block.op(id),
          block.a(id),
          block.b(id),
          block.c(id),
          block.imm(id));
    }
    prefix.emitFor(0, IrOp.JUMP, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, 0);
    return prefix;
  }

  private static ArrayState random(Random random) {
    ArrayState state = new ArrayState();
    for (int i = 1; i < StateSlot.FRM; i++) {
      state.put(i, corner(random));
    }
    state.put(StateSlot.FRM, random.nextInt(5));
    state.fflags(random.nextInt(32));
    return state;
  }

  private static long corner(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(-2, 3);
      case 1 -> 0x8000_0000L + random.nextInt(-1, 2);
      case 2 -> Long.MIN_VALUE + random.nextInt(-1, 2);
      case 3 -> Double.doubleToRawLongBits(random.nextGaussian());
      case 4 -> -1L << 32 | Float.floatToRawIntBits((float) random.nextGaussian());
      default -> random.nextLong() & -8;
    };
  }

  private static String text(ArrayState state) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < StateSlot.COUNT; i++) {
      text.append(StateSlot.name(i)).append(' ').append(Long.toHexString(state.get(i)));
      text.append('\n');
    }
    text.append("fflags ").append(state.fflags());
    if (state.reservationValid()) {
      text.append(" reserved ").append(state.reservationAddress());
      text.append(' ').append(state.reservationValue());
    }
    return text.toString();
  }
}
