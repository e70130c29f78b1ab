package dev.isomorph.systemvm.hart;

/** Why a trap is taken (ISA manual volume II, "Machine Cause Register", the table of codes). */
public enum TrapCause {
  SUPERVISOR_SOFTWARE_INTERRUPT(1, true),
  MACHINE_SOFTWARE_INTERRUPT(3, true),
  SUPERVISOR_TIMER_INTERRUPT(5, true),
  MACHINE_TIMER_INTERRUPT(7, true),
  SUPERVISOR_EXTERNAL_INTERRUPT(9, true),
  MACHINE_EXTERNAL_INTERRUPT(11, true),

  FETCH_ACCESS_FAULT(1, false),
  ILLEGAL_INSTRUCTION(2, false),
  BREAKPOINT(3, false),
  LOAD_MISALIGNED(4, false),
  LOAD_ACCESS_FAULT(5, false),
  /** Of stores and of atomic memory operations, as all that are named so. */
  STORE_MISALIGNED(6, false),
  STORE_ACCESS_FAULT(7, false),
  CALL_FROM_USER(8, false),
  CALL_FROM_SUPERVISOR(9, false),
  CALL_FROM_MACHINE(11, false),
  FETCH_PAGE_FAULT(12, false),
  LOAD_PAGE_FAULT(13, false),
  STORE_PAGE_FAULT(15, false);

  private final int code;
  private final boolean interrupt;

  TrapCause(int code, boolean interrupt) {
    this.code = code;
    this.interrupt = interrupt;
  }

  /** The exception code; an interrupt's is also its bit in {@code mip}. */
  public int code() {
    return code;
  }

  public boolean isInterrupt() {
    return interrupt;
  }

  /** The cause's bit in {@code mip} or {@code medeleg}. */
  long bit() {
    return 1L << code;
  }

  /** As {@code mcause} and {@code scause} have it. */
  public long register() {
    return interrupt ? Long.MIN_VALUE | code : code;
  }
}
