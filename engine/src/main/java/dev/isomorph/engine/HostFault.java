package dev.isomorph.engine;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.HartState;
import dev.isomorph.hostbackend.lower.RegisterFile;
import dev.isomorph.hostbackend.signal.FaultSlots;

/**
 * A signal that the host has sent for emitted code of a hart (sigaction(2)).
 *
 * @param code what the kernel says of its reason
 * @param pc host address of the instruction
 * @param address host address that was accessed
 * @param stores whether it was to be stored to
 */
record HostFault(int signal, int code, long pc, long address, boolean stores) {
  private static final int SIGBUS = 7;
  private static final int SIGSEGV = 11;

  /** The code of a fault whose address the processor does not tell. */
  private static final int SI_KERNEL = 128;

  /** The last one of a hart. */
  static HostFault of(HartState state) {
    int error = HostMemory.getInt(state.address(RegisterFile.FAULT_ERROR));
    return new HostFault(
        HostMemory.getInt(state.address(RegisterFile.FAULT_SIGNAL)),
        HostMemory.getInt(state.address(RegisterFile.FAULT_CODE)),
        state.field(RegisterFile.FAULT_PC),
        state.field(RegisterFile.FAULT_ADDRESS),
        (error & FaultSlots.STORED) != 0);
  }

  /** Whether there is no memory, or not with these rights. */
  boolean isWithoutMemory() {
    return signal == SIGSEGV;
  }

  /** Whether it is about an access at all. */
  boolean isOfAccess() {
    return signal == SIGSEGV || signal == SIGBUS;
  }

  /** Whether the address is not known: it is none that the host could have. */
  boolean isNowhere() {
    return code == SI_KERNEL;
  }
}
