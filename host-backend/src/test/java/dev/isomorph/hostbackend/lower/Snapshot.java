package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.eval.MachineState;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Arrays;
import java.util.Random;

/** The state of a hart, to start from and to compare with. */
final class Snapshot implements MachineState {
  private static final long NO_RESERVATION = -1;

  private final long[] slots = new long[StateSlot.COUNT];
  private int fflags;
  private long reservationAddress = NO_RESERVATION;
  private long reservationValue;

  /**
   * Random registers. Float registers of even number hold boxed singles, the others doubles, so
   * that few operations meet what they have to leave to the evaluator.
   */
  static Snapshot random(Random random) {
    Snapshot state = new Snapshot();
    for (int i = 1; i < StateSlot.F0; i++) {
      state.slots[i] = integer(random);
    }
    for (int i = 0; i < 32; i++) {
      state.slots[StateSlot.f(i)] = i % 2 == 0 ? single(random) : doubleBits(random);
    }
    state.slots[StateSlot.FRM] = random.nextInt(4);
    state.fflags = random.nextInt(32);
    return state;
  }

  private static long integer(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt(-2, 3);
      case 1 -> 0x8000_0000L + random.nextInt(-1, 2);
      case 2 -> Long.MIN_VALUE + random.nextInt(-1, 2);
      case 3 -> random.nextInt();
      case 4 -> GuestPages.BASE + (random.nextInt(GuestPages.PAGE) & -8);
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  private static long single(Random random) {
    int bits =
        switch (random.nextInt(10)) {
          case 0 -> random.nextInt();
          case 1 -> random.nextInt(2) << 31;
          default -> Float.floatToRawIntBits((float) magnitude(random));
        };
    return 0xffff_ffff_0000_0000L | bits & 0xffff_ffffL;
  }

  private static long doubleBits(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextLong(2) << 63;
      default -> Double.doubleToRawLongBits(magnitude(random));
    };
  }

  private static double magnitude(Random random) {
    double x = random.nextGaussian() * Math.pow(2, random.nextInt(-5, 35));
    return random.nextBoolean() ? x : Math.rint(x);
  }

  static Snapshot copyOf(Snapshot other) {
    Snapshot copy = new Snapshot();
    System.arraycopy(other.slots, 0, copy.slots, 0, copy.slots.length);
    copy.fflags = other.fflags;
    copy.reservationAddress = other.reservationAddress;
    copy.reservationValue = other.reservationValue;
    return copy;
  }

  /** Puts this state into a hart. */
  void load(HartState hart) {
    for (int i = 1; i < slots.length; i++) {
      hart.slot(i, slots[i]);
    }
    hart.fflags(fflags);
    hart.field(RegisterFile.RESERVATION_ADDRESS, reservationAddress);
    hart.field(RegisterFile.RESERVATION_VALUE, reservationValue);
  }

  /** Takes a hart's state. */
  static Snapshot of(HartState hart) {
    Snapshot state = new Snapshot();
    for (int i = 1; i < state.slots.length; i++) {
      state.slots[i] = hart.slot(i);
    }
    state.fflags = hart.fflags();
    state.reservationAddress = hart.field(RegisterFile.RESERVATION_ADDRESS);
    state.reservationValue = hart.field(RegisterFile.RESERVATION_VALUE);
    return state;
  }

  /** Whether everything but the flags is equal. */
  boolean sameAs(Snapshot other) {
    return Arrays.equals(slots, other.slots)
        && reservationAddress == other.reservationAddress
        && (!reservationValid() || reservationValue == other.reservationValue);
  }

  /** What is not {@link #sameAs} in another state, as text. */
  String difference(Snapshot actual) {
    StringBuilder text = new StringBuilder("differs in");
    for (int i = 1; i < slots.length; i++) {
      if (slots[i] != actual.slots[i]) {
        text.append(' ').append(StateSlot.name(i)).append(": expected ");
        text.append(Long.toHexString(slots[i])).append(", was ");
        text.append(Long.toHexString(actual.slots[i])).append(';');
      }
    }
    text.append(" reservations ").append(reservationAddress);
    return text.append(' ').append(actual.reservationAddress).toString();
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
    return reservationAddress != NO_RESERVATION;
  }

  @Override
  public long reservationAddress() {
    return reservationAddress;
  }

  @Override
  public long reservationValue() {
    return reservationValue;
  }

  @Override
  public void reserve(long address, long value) {
    reservationAddress = address;
    reservationValue = value;
  }

  @Override
  public void clearReservation() {
    reservationAddress = NO_RESERVATION;
  }

  @Override
  public long counter(int csr) {
    return csr;
  }
}
