package dev.isomorph.translator.opt;

import dev.isomorph.translator.eval.Evaluator;
import dev.isomorph.translator.eval.MachineState;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
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
    MapState state = new MapState(new Random(seed));
    CountingMemory memory = new CountingMemory(goodAccesses);
    String outcome = new Evaluator().run(block, state, memory).toString();
    return outcome + "\n" + state + "\n" + new TreeMap<>(memory.contents());
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

  private static final class MapState implements MachineState {
    private final long[] slots = new long[StateSlot.COUNT];
    private int fflags;
    private Long reservedAddress;
    private long reservedValue;

    MapState(Random random) {
      for (int i = 1; i < StateSlot.FRM; i++) {
        slots[i] = corner(random);
      }
      slots[StateSlot.FRM] = random.nextInt(5);
      fflags = random.nextInt(32);
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

    @Override
    public long get(int slot) {
      return slots[slot];
    }

    @Override
    public void put(int slot, long value) {
      slots[slot] = value;
    }

    @Override
    public int fflags() {
      return fflags;
    }

    @Override
    public void fflags(int flags) {
      fflags = flags;
    }

    @Override
    public boolean reservationValid() {
      return reservedAddress != null;
    }

    @Override
    public long reservationAddress() {
      return reservedAddress;
    }

    @Override
    public long reservationValue() {
      return reservedValue;
    }

    @Override
    public void reserve(long address, long value) {
      reservedAddress = address;
      reservedValue = value;
    }

    @Override
    public void clearReservation() {
      reservedAddress = null;
    }

    @Override
    public long counter(int csr) {
      return csr;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (int i = 1; i < slots.length; i++) {
        text.append(StateSlot.name(i)).append(' ').append(Long.toHexString(slots[i])).append('\n');
      }
      text.append("fflags ").append(fflags);
      if (reservedAddress != null) {
        text.append(" reserved ").append(reservedAddress).append(' ').append(reservedValue);
      }
      return text.toString();
    }
  }
}
