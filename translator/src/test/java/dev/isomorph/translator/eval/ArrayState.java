package dev.isomorph.translator.eval;

import dev.isomorph.translator.ir.StateSlot;

/** Guest state in an array, for tests. */
public final class ArrayState implements MachineState {
  private final long[] slots = new long[StateSlot.COUNT];
  private int fflags;
  private boolean reservationValid;
  private long reservationAddress;
  private long reservationValue;

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

  @Override
  public boolean reservationValid() {
    return reservationValid;
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
    reservationValid = true;
    reservationAddress = address;
    reservationValue = value;
  }

  @Override
  public void clearReservation() {
    reservationValid = false;
  }

  /** Counters count their own number times 1000. */
  @Override
  public long counter(int csr) {
    return csr * 1000L;
  }
}
