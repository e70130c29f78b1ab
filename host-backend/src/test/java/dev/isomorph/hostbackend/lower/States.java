package dev.isomorph.hostbackend.lower;

import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Random;

/** States of a hart, to start from and to compare with. */
final class States {
  private static final long NO_RESERVATION = -1;

  private States() {}

  /**
   * Random registers. Float registers of even number hold boxed singles, the others doubles, so
   * that few operations meet what they have to leave to the evaluator.
   */
  static ArrayState random(Random random) {
    ArrayState state = new ArrayState();
    for (int i = 1; i < StateSlot.F0; i++) {
      state.put(i, integer(random));
    }
    for (int i = 0; i < 32; i++) {
      state.put(StateSlot.f(i), i % 2 == 0 ? single(random) : doubleBits(random));
    }
    state.put(StateSlot.FRM, random.nextInt(4));
    state.fflags(random.nextInt(32));
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

  static ArrayState copyOf(ArrayState other) {
    ArrayState copy = new ArrayState();
    copy.copy(other);
    return copy;
  }

  /** Puts a state into a hart. */
  static void load(ArrayState state, HartState hart) {
    for (int i = 1; i < StateSlot.COUNT; i++) {
      hart.slot(i, state.get(i));
    }
    hart.fflags(state.fflags());
    boolean reserved = state.reservationValid();
    hart.field(
        RegisterFile.RESERVATION_ADDRESS, reserved ? state.reservationAddress() : NO_RESERVATION);
    hart.field(RegisterFile.RESERVATION_VALUE, state.reservationValue());
  }

  /** Takes a hart's state. */
  static ArrayState of(HartState hart) {
    ArrayState state = new ArrayState();
    for (int i = 1; i < StateSlot.COUNT; i++) {
      state.put(i, hart.slot(i));
    }
    state.fflags(hart.fflags());
    long reserved = hart.field(RegisterFile.RESERVATION_ADDRESS);
    if (reserved != NO_RESERVATION) {
      state.reserve(reserved, hart.field(RegisterFile.RESERVATION_VALUE));
    }
    return state;
  }

  /** What is not equal in two states, but for the flags, as text; empty if nothing. */
  static String difference(ArrayState expected, ArrayState actual) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < StateSlot.COUNT; i++) {
      if (expected.get(i) != actual.get(i)) {
        text.append(StateSlot.name(i)).append(": expected ");
        text.append(Long.toHexString(expected.get(i))).append(", was ");
        text.append(Long.toHexString(actual.get(i))).append("; ");
      }
    }
    String reserved = reservation(expected);
    if (!reserved.equals(reservation(actual))) {
      text.append("expected ").append(reserved).append(", was ").append(reservation(actual));
    }
    return text.toString();
  }

  private static String reservation(ArrayState state) {
    return state.reservationValid()
        ? "reservation of " + state.reservationAddress() + " for " + state.reservationValue()
        : "no reservation";
  }
}
