package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.Ending;
import dev.isomorph.translator.eval.MachineState;
import dev.isomorph.translator.ir.StateSlot;

/** Registers for the evaluator. */
final class EvaluatorState implements MachineState {
  private final long[] slots = new long[StateSlot.COUNT];
  private int fflags;
  private boolean reserved;
  private long reservedAddress;
  private long reservedValue;

  EvaluatorState(Scenario scenario) {
    for (int i = 0; i < 32; i++) {
      slots[StateSlot.x(i)] = scenario.x()[i];
      slots[StateSlot.f(i)] = scenario.f()[i];
    }
    slots[0] = 0;
    slots[StateSlot.FRM] = scenario.fcsr() >> 5;
    fflags = scenario.fcsr() & 31;
  }

  Observation observation(Ending ending, long pc, byte[] data) {
    long[] x = new long[32];
    long[] f = new long[32];
    System.arraycopy(slots, StateSlot.x(0), x, 0, 32);
    System.arraycopy(slots, StateSlot.f(0), f, 0, 32);
    int fcsr = (int) slots[StateSlot.FRM] << 5 | fflags;
    return new Observation(ending, pc, x, f, fcsr, 0, data);
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
    return reservedAddress;
  }

  @Override
  public long reservationValue() {
    return reservedValue;
  }

  @Override
  public void reserve(long address, long value) {
    reserved = true;
    reservedAddress = address;
    reservedValue = value;
  }

  @Override
  public void clearReservation() {
    reserved = false;
  }

  @Override
  public long counter(int csr) {
    return csr;
  }
}
