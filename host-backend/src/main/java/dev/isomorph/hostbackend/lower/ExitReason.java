package dev.isomorph.hostbackend.lower;

/** Why emitted code came back to Java; the ordinal is the value it returns. */
public enum ExitReason {
  /** A direct jump whose target was not linked: {@link RegisterFile#LINK_SITE} tells which. */
  LINK,
  /** An indirect jump that the jump cache does not know. */
  LOOKUP,
  /** The poll flag was set. */
  POLL,
  SYSTEM_CALL,
  BREAKPOINT,
  ILLEGAL_INSTRUCTION,
  FENCE_I,
  /** The instruction at pc is one for the evaluator. */
  EVALUATE,
  /**
   * Emitted code has made the system call at pc, the answer is in {@link RegisterFile#CALL_RESULT};
   * what it means is for Java to say.
   */
  CALL_MADE,
  /**
   * The TLB does not have the page at {@link RegisterFile#MISSED_ADDRESS}. pc is not set, {@link
   * RegisterFile#MISSED_AT} tells where; emitted code can be {@linkplain Stubs#resume resumed}.
   */
  MISS,
  /** A host signal in emitted code; the fault slots tell which. pc is not set. */
  FAULT,
  /** The instruction at pc is one that the state of the machine decides on. */
  PRIVILEGED,
  /** The block of the first tier at pc has been entered many times. */
  OFTEN;

  private static final ExitReason[] ALL = values();

  /** Whether the guest instruction at pc has not been executed by emitted code. */
  boolean isBefore() {
    return this == BREAKPOINT
        || this == ILLEGAL_INSTRUCTION
        || this == EVALUATE
        || this == PRIVILEGED;
  }

  /** The reason emitted code returned. */
  public static ExitReason of(long code) {
    return ALL[(int) code];
  }
}
