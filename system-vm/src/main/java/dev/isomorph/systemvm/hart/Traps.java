package dev.isomorph.systemvm.hart;

/**
 * Going to trap handlers and back (ISA manual volume II, "Machine Trap Delegation Registers",
 * "Machine Cause Register", "Trap-Return Instructions"). For the hart's own thread.
 */
public final class Traps {
  private static final int VECTORED = 1;

  /** The field of a trap vector that says how interrupts use it. */
  static final long MODE = 3;

  private final PrivilegedState state;
  private long exceptions;
  private long interrupts;

  public Traps(PrivilegedState state) {
    this.state = state;
  }

  /** How many exceptions have been taken. */
  public long exceptions() {
    return exceptions;
  }

  /** How many interrupts have been taken. */
  public long interrupts() {
    return interrupts;
  }

  /**
   * Takes a trap: pc becomes that of the handler, in the mode that the cause is delegated to.
   *
   * @param value what {@code mtval} or {@code stval} tells: the faulting address of an access, the
   *     encoding of an illegal instruction, 0 for calls and interrupts
   * @param pc the instruction that trapped; for an interrupt the one it came before
   */
  public void take(TrapCause cause, long value, long pc) {
    if (cause.isInterrupt()) {
      interrupts++;
    } else {
      exceptions++;
    }
    Privilege from = state.privilege();
    long status = state.status();
    long delegated = state.value(cause.isInterrupt() ? Csr.MIDELEG : Csr.MEDELEG);
    long vector;
    if (from != Privilege.MACHINE && (delegated & cause.bit()) != 0) {
      state.store(Csr.SEPC, pc);
      state.store(Csr.SCAUSE, cause.register());
      state.store(Csr.STVAL, value);
      long previous = from == Privilege.SUPERVISOR ? Status.SPP : 0;
      long enabled = (status & Status.SIE) != 0 ? Status.SPIE : 0;
      state.enter(
          Privilege.SUPERVISOR,
          status & ~(Status.SPP | Status.SPIE | Status.SIE) | previous | enabled);
      vector = state.value(Csr.STVEC);
    } else {
      state.store(Csr.MEPC, pc);
      state.store(Csr.MCAUSE, cause.register());
      state.store(Csr.MTVAL, value);
      long previous = (long) from.code() << Status.MPP_SHIFT;
      long enabled = (status & Status.MIE) != 0 ? Status.MPIE : 0;
      state.enter(
          Privilege.MACHINE,
          status & ~(Status.MPP | Status.MPIE | Status.MIE) | previous | enabled);
      vector = state.value(Csr.MTVEC);
    }
    boolean byCause = cause.isInterrupt() && (vector & MODE) == VECTORED;
    state.registers().pc((vector & ~MODE) + (byCause ? 4L * cause.code() : 0));
  }

  /** Takes the trap of an ecall at pc. */
  public void environmentCall() {
    TrapCause cause =
        switch (state.privilege()) {
          case USER -> TrapCause.CALL_FROM_USER;
          case SUPERVISOR -> TrapCause.CALL_FROM_SUPERVISOR;
          case MACHINE -> TrapCause.CALL_FROM_MACHINE;
        };
    take(cause, 0, state.registers().pc());
  }

  /** Takes the trap of an ebreak at pc. */
  public void breakpoint() {
    long pc = state.registers().pc();
    take(TrapCause.BREAKPOINT, pc, pc);
  }

  /** Takes the trap of an illegal instruction at pc; {@code encoding} of 16 or 32 bits. */
  public void illegalInstruction(int encoding) {
    take(TrapCause.ILLEGAL_INSTRUCTION, encoding & 0xffff_ffffL, state.registers().pc());
  }

  /**
   * Takes the interrupt that is due at pc, if there is one.
   *
   * @return whether there was
   */
  public boolean interrupt() {
    TrapCause interrupt = state.pendingInterrupt();
    if (interrupt != null) {
      take(interrupt, 0, state.registers().pc());
    }
    return interrupt != null;
  }

  /** mret: back to where a trap to machine mode came from. */
  void returnFromMachine() {
    if (state.privilege() != Privilege.MACHINE) {
      throw IllegalInstruction.INSTANCE;
    }
    long status = state.status();
    Privilege to = PrivilegedState.previousMachinePrivilege(status);
    long enabled = (status & Status.MPIE) != 0 ? Status.MIE : 0;
    leave(to, status & ~(Status.MPP | Status.MIE) | Status.MPIE | enabled, Csr.MEPC);
  }

  /** sret: back to where a trap to supervisor mode came from. */
  void returnFromSupervisor() {
    if (state.privilege() == Privilege.USER || state.traps(Status.TSR)) {
      throw IllegalInstruction.INSTANCE;
    }
    long status = state.status();
    Privilege to = (status & Status.SPP) != 0 ? Privilege.SUPERVISOR : Privilege.USER;
    long enabled = (status & Status.SPIE) != 0 ? Status.SIE : 0;
    leave(to, status & ~(Status.SPP | Status.SIE) | Status.SPIE | enabled, Csr.SEPC);
  }

  private void leave(Privilege to, long status, Csr pc) {
    state.enter(to, to == Privilege.MACHINE ? status : status & ~Status.MPRV);
    state.registers().pc(state.value(pc));
  }
}
