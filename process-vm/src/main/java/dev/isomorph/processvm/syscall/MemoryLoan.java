package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.signal.GuestSignals;

/** The memory that a parent lends a child, standing still meanwhile (CLONE_VFORK). */
final class MemoryLoan {
  private final GuestSignals lender;
  private volatile boolean returned;

  MemoryLoan(GuestSignals lender) {
    this.lender = lender;
  }

  /** The child needs the memory no more; called on its thread. */
  void giveBack() {
    returned = true;
    lender.wake();
  }

  /** Lets the parent's thread wait for the end of the loan, which only its own end cuts short. */
  void await(Guest parent) {
    while (!returned && !lender.isEnding()) {
      // What arrives at the host meanwhile may be for others.
      lender.pending();
      if (!returned) {
        parent.kernel.attempt(Syscall.PPOLL, 0, 0, 0, 0, 0, 0);
      }
    }
  }
}
