package dev.isomorph.tools.diff;

import dev.isomorph.translator.eval.MachineState;
import dev.isomorph.translator.ir.StateSlot;

/** A copy of a hart's state for a trial run. */
final class TrialState implements MachineState {
  private final long[] slots = new long[StateSlot.COUNT];
  private MachineState original;
  private int fflags;
  private boolean reserved;
  private long reservationAddress;
  private long reservationValue;

  /** Becomes a copy. */
  void copy(MachineState from) {
    original = from;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = from.get(i);
    }
    fflags = from.fflags();
    reserved = from.reservationValid();
    reservationAddress = from.reservationAddress();
    reservationValue = from.reservationValue();
  }

  /** Whether a state is equal to this, reservations aside. */
  boolean agrees(MachineState other) {
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != other.get(i)) {
        return false;
      }
    }
    return fflags == other.fflags();
  }

  /** The state as a witness has it. */
  GuestState toGuestState(long pc) {
    GuestState state = new GuestState();
    state.pc = pc;
    for (int i = 0; i < GuestState.REGISTERS; i++) {
      state.set(i, slots[i]);
    }
    state.fcsr = (int) slots[StateSlot.FRM] << 5 | fflags;
    state.fcsrKnown = true;
    return state;
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
    return reserved;
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
    reserved = true;
    reservationAddress = address;
    reservationValue = value;
  }

  @Override
  public void clearReservation() {
    reserved = false;
  }

  @Override
  public long counter(int csr) {
    return original.counter(csr);
  }
}
