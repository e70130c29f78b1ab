package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.elf.ProgramFiles;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.CodeInvalidator;
import dev.isomorph.processvm.procfs.ProcFiles;
import dev.isomorph.processvm.signal.Alarm;
import dev.isomorph.processvm.signal.GuestRegisters;

/** Runs the threads of a process; starts further ones, and further processes. */
public interface ProcessHost {
  /**
   * What a process lives in.
   *
   * @param memory its address space
   * @param files the files of {@code /proc} that speak of it
   * @param code told when the guest has written code (riscv_flush_icache)
   * @param host runs its threads, null if there can be but one
   */
  record Home(AddressSpace memory, ProcFiles files, CodeInvalidator code, ProcessHost host) {}

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

  /** What makes a thread the first one of a new process. */
  interface ProcessBirth {
    /** As {@link Birth#prepare}; {@code home} is the new process's own. */
    SystemCalls prepare(GuestRegisters registers, long pollFlag, Alarm alarm, Home home);
  }

  /**
   * Starts a thread with a copy of the registers.
   *
   * @return whether there is one now; if so, {@code birth} is called
   */
  boolean startThread(GuestRegisters registers, Birth birth);

  /**
   * Starts a process with a copy of the registers, of the host's descriptors and, unless it shares
   * them, of memory.
   *
   * @return 0 if there is one now, so that {@code birth} is called; else a negative errno
   */
  int startProcess(GuestRegisters registers, boolean sharesMemory, ProcessBirth birth);

  /** A program of another machine was to be executed, which the host would do and this cannot. */
  void refused(ExecFailure failure);

  /** Where programs are found. */
  ProgramFiles programs();
}
