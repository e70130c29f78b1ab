package dev.isomorph.processvm.signal;

import dev.isomorph.processvm.Errno;

/**
 * What becomes of a system call that a signal broke off, by the kernel's internal error codes
 * (linux/errno.h; signal(7), "Interruption of system calls by signal handlers").
 *
 * <p>While one of these is undecided, the thread's pc is at its ecall instruction and its registers
 * are as before the call, so leaving them alone makes it call again.
 */
public enum InterruptedCall {
  /** The thread does not come from an interrupted call. */
  NONE,
  /** ERESTARTSYS: calls again, unless a handler without SA_RESTART ran; then EINTR. */
  RESTARTED,
  /** ERESTARTNOHAND: calls again, unless any handler ran; then EINTR. */
  ENDED_BY_HANDLER,
  /**
   * ERESTART_RESTARTBLOCK: as before, but goes on by restart_syscall(2) with the time that is left.
   */
  CONTINUED;

  private static final int RESTART_SYSCALL = 128;

  /** Prepares the registers for a handler about to run. */
  void handled(GuestRegisters registers, SignalAction action) {
    if (this == NONE || this == RESTARTED && action.has(SignalAction.SA_RESTART)) {
      return;
    }
    registers.x(10, -Errno.EINTR);
    registers.pc(registers.pc() + 4);
  }

  /** Prepares the registers for going on without a handler. */
  void notHandled(GuestRegisters registers) {
    if (this == CONTINUED) {
      registers.x(17, RESTART_SYSCALL);
    }
  }
}
