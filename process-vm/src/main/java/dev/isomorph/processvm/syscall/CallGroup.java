package dev.isomorph.processvm.syscall;

/** Code for the system calls of one subject, those that the table alone does not describe. */
interface CallGroup {
  /**
   * Carries out a call.
   *
   * @param a the six argument registers, as the guest left them
   * @return the result or a negative errno; {@link HostKernel#RESTARTED} and its like when a signal
   *     broke the call off
   * @throws CallFailure to end it with an error
   */
  long call(Syscall call, long[] a);
}
