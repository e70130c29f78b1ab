package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.fs.FdTable;
import dev.isomorph.processvm.fs.RootedPaths;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.CodeInvalidator;
import dev.isomorph.processvm.procfs.ProcFiles;
import dev.isomorph.processvm.signal.GuestRegisters;
import dev.isomorph.processvm.signal.GuestSignals;

/** The guest process whose system calls are carried out: what the code for the calls works on. */
final class Guest {
  final AddressSpace space;
  final UserMemory memory;
  final RootedPaths root;
  final ProcFiles procFiles;
  final GuestSignals signals;
  final CodeInvalidator code;
  final HostKernel kernel;
  final Scratch scratch = new Scratch();
  final ResourceLimits limits;
  final FdTable fds;
  final PathArguments paths;

  /** The process id, which is also the only thread's id; guest and host share it. */
  final int pid;

  /** Registers of the thread whose call is being carried out. */
  GuestRegisters registers;

  /** Set when the process has exited; its status. */
  boolean exited;

  int exitStatus;

  /** Where the kernel is to store 0 when the thread ends (set_tid_address(2)). */
  long clearChildTid;

  long robustList;
  long personality;

  Guest(SystemCalls.Process process) {
    space = process.memory();
    memory = new UserMemory(space);
    root = process.paths();
    procFiles = process.files();
    signals = process.signals();
    code = process.code();
    kernel = new HostKernel(signals, process.pollFlag());
    pid = (int) kernel.call(Syscall.GETPID, 0);
    limits = new ResourceLimits(kernel, scratch);
    fds = new FdTable(limits.openFiles());
    limits.govern(fds);
    paths = new PathArguments(this);
    InheritedDescriptors.adopt(kernel, root.files(), fds);
  }
}
