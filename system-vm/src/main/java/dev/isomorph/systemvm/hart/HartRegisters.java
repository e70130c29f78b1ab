package dev.isomorph.systemvm.hart;

/** The part of a hart's state that user mode sees. */
public interface HartRegisters {
  /** Integer register 0 to 31. */
  long x(int register);

  /** Sets an integer register; nothing happens to x0. */
  void x(int register, long value);

  long pc();

  void pc(long value);

  /** The float unit's flags (bits 0 to 4) and rounding mode (bits 5 to 7). */
  int fcsr();

  void fcsr(int value);
}
