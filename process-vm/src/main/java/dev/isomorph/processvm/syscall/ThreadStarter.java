package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.signal.Alarm;
import dev.isomorph.processvm.signal.GuestRegisters;

/** Starts threads that run guest code. */
public interface ThreadStarter {
  /** What makes a thread one of the process. */
  interface Birth {
    /**
     * Prepares a thread to run guest code; called on that thread.
     *
     * @param registers its registers, of which this sets those that differ from its creator's
     * @param pollFlag host address of its poll flag
     * @param alarm tells it to look for signals
     * @return its system calls
     */
    SystemCalls prepare(GuestRegisters registers, long pollFlag, Alarm alarm);
  }

  /**
   * Starts a thread with a copy of the registers.
   *
   * @return whether there is one now; if so, {@code birth} is called
   */
  boolean start(GuestRegisters registers, Birth birth);
}
