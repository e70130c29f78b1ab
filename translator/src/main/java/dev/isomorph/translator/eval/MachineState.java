package dev.isomorph.translator.eval;

import dev.isomorph.translator.ir.StateSlot;

/** The guest state one hart's instructions read and write, as the {@link Evaluator} sees it. */
public interface MachineState {
  /**
   * Reads a slot of {@link StateSlot}: an integer register (x0 reads 0), the 64 raw bits of a float
   * register, or frm.
   */
  long get(int slot);

  /** Writes a slot of {@link StateSlot} other than x0's. */
  void put(int slot, long value);

  /** The accrued exception flags, as in {@link ExceptionFlags}. */
  int fflags();

  /** Sets the accrued exception flags. */
  void fflags(int flags);

  /** Whether a load-reserved is waiting for its store-conditional. */
  boolean reservationValid();

  /** The address of the last load-reserved, while the reservation is valid. */
  long reservationAddress();

  /** What the last load-reserved gave its register, while the reservation is valid. */
  long reservationValue();

  /** Makes a reservation, in place of an earlier one. */
  void reserve(long address, long value);

  /** Ends the reservation, if there is one. */
  void clearReservation();

  /** The value of an unprivileged counter (0xc00 cycle, 0xc01 time, 0xc02 instret). */
  long counter(int csr);
}
