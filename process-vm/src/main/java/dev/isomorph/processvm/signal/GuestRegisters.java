package dev.isomorph.processvm.signal;

/** The registers of the guest thread that made a system call or receives a signal. */
public interface GuestRegisters {
  /** Returns integer register x{@code i}, 0 to 31. */
  long x(int i);

  /** Sets integer register x{@code i}; x0 stays 0. */
  void x(int i, long value);

  /** Returns the raw 64 bits of floating-point register f{@code i}. */
  long f(int i);

  /** Sets the raw 64 bits of floating-point register f{@code i}. */
  void f(int i, long value);

  long pc();

  void pc(long value);

  int fcsr();

  void fcsr(int value);
}
