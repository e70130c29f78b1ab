package dev.isomorph.processvm;

import dev.isomorph.engine.Stop;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;

/** Which signal an instruction's mishap becomes (arch/riscv/kernel/traps.c, mm/fault.c). */
final class FaultSignals {
  private FaultSignals() {}

  /**
   * Returns the signal.
   *
   * @param pc address of the instruction
   */
  static SignalInfo of(Stop stop, long pc, AddressSpace space) {
    if (stop instanceof Stop.MemoryFault fault) {
      if (fault.signal() == Signal.SIGBUS) {
        return SignalInfo.fault(Signal.SIGBUS, SignalInfo.BUS_ADRERR, fault.address());
      }
      boolean mapped = space.area(fault.address()) != null;
      int code = mapped ? SignalInfo.SEGV_ACCERR : SignalInfo.SEGV_MAPERR;
      return SignalInfo.fault(Signal.SIGSEGV, code, fault.address());
    }
    if (stop instanceof Stop.IllegalInstruction) {
      return SignalInfo.fault(Signal.SIGILL, SignalInfo.ILL_ILLOPC, pc);
    }
    if (stop instanceof Stop.Breakpoint) {
      return SignalInfo.fault(Signal.SIGTRAP, SignalInfo.TRAP_BRKPT, pc);
    }
    if (stop instanceof Stop.Misaligned) {
      return SignalInfo.fault(Signal.SIGBUS, SignalInfo.BUS_ADRALN, pc);
    }
    throw new IllegalArgumentException(stop.toString());
  }
}
