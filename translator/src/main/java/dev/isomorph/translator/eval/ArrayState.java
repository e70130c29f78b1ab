package dev.isomorph.translator.eval;

import dev.isomorph.translator.ir.StateSlot;

/** The state of a hart that is not one of an engine's: a copy, or a case to be tried. */
public final class ArrayState implements MachineState {
  private static final int FRM_SHIFT = 5;

  private final long[] slots = new long[StateSlot.COUNT];
  private int fflags;
  private boolean reserved;
  private long reservationAddress;
  private long reservationValue;

  /** Makes a state in which everything is 0. */
  public ArrayState() {}

  /** Becomes a copy of a state, but for its counters. */
  public void copy(MachineState from) {
    for (int i = 1; i < slots.length; i++) {
      slots[i] = from.get(i);
    }
    fflags = from.fflags();
    reserved = from.reservationValid();
    reservationAddress = from.reservationAddress();
    reservationValue = from.reservationValue();
  }

  /** Whether all registers and flags are those of another state. */
  public boolean hasRegistersOf(MachineState other) {
    for (int i = 1; i < slots.length; i++) {
      if (slots[i] != other.get(i)) {
        return false;
      }
    }
    return fflags == other.fflags();
  }

  @Override
  public long get(int slot) {
    return slots[slot];
  }

  @Override
  public void put(int slot, long value) {
    if (slot == 0) {
      throw new IllegalArgumentException("x0 has no slot");
    }
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

  /** fcsr: rounding mode and flags. */
  public int fcsr() {
    return (int) slots[StateSlot.FRM] << FRM_SHIFT | fflags;
  }

  /** Sets fcsr. */
  public void fcsr(int value) {
    slots[StateSlot.FRM] = value >> FRM_SHIFT;
    fflags = value & (1 << FRM_SHIFT) - 1;
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

  /** Counters stand still, each at a thousand times its number. */
  @Override
  public long counter(int csr) {
    return csr * 1000L;
  }
}
