package dev.isomorph.tools.diff;

import dev.isomorph.translator.ir.StateSlot;

/** The registers of a program between two instructions, as far as a witness knows them. */
final class GuestState {
  /** Number of integer and float registers, which are numbered as in {@link StateSlot}. */
  static final int REGISTERS = StateSlot.FRM;

  long pc;
  final long[] registers = new long[REGISTERS];

  /** A bit for each register whose value is known. */
  long known;

  int fcsr;
  boolean fcsrKnown;

  /** Becomes a copy. */
  void copy(GuestState from) {
    pc = from.pc;
    System.arraycopy(from.registers, 0, registers, 0, REGISTERS);
    known = from.known;
    fcsr = from.fcsr;
    fcsrKnown = from.fcsrKnown;
  }

  /** Sets a register; x0 stays 0. */
  void set(int register, long value) {
    if (register != 0) {
      registers[register] = value;
    }
    known |= 1L << register;
  }

  boolean knows(int register) {
    return (known >>> register & 1) != 0;
  }
}
