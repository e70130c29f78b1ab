package dev.isomorph.processvm;

import dev.isomorph.engine.Hart;
import dev.isomorph.processvm.signal.GuestRegisters;

/** A hart's registers for system calls and signals. */
record HartRegisters(Hart hart) implements GuestRegisters {
  void copyFrom(GuestRegisters other) {
    for (int i = 0; i < 32; i++) {
      x(i, other.x(i));
      f(i, other.f(i));
    }
    pc(other.pc());
    fcsr(other.fcsr());
  }

  @Override
  public long x(int i) {
    return hart.x(i);
  }

  @Override
  public void x(int i, long value) {
    hart.x(i, value);
  }

  @Override
  public long f(int i) {
    return hart.f(i);
  }

  @Override
  public void f(int i, long value) {
    hart.f(i, value);
  }

  @Override
  public long pc() {
    return hart.pc();
  }

  @Override
  public void pc(long value) {
    hart.pc(value);
  }

  @Override
  public int fcsr() {
    return hart.fcsr();
  }

  @Override
  public void fcsr(int value) {
    hart.fcsr(value);
  }
}
