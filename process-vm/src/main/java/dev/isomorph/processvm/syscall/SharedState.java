package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.fs.FdTable;
import dev.isomorph.processvm.fs.RootedPaths;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.CodeInvalidator;
import dev.isomorph.processvm.procfs.ProcFiles;

/** What the threads of a guest process share. Each part takes care that they may do so. */
final class SharedState {
  final AddressSpace space;
  final UserMemory memory;
  final RootedPaths root;
  final ProcFiles procFiles;
  final CodeInvalidator code;
  final ResourceLimits limits;
  final FdTable fds;
  final ThreadTable threads = new ThreadTable();
  final int pid;

  /** Prints the calls of the first thread; null for none. */
  final Strace trace;

  /** Starts threads; null where there can be but one. */
  final ThreadStarter starter;

  private SignalDescriptors signalDescriptors;

  SharedState(SystemCalls.Process process, HostKernel kernel) {
    space = process.memory();
    memory = new UserMemory(space);
    root = process.paths();
    procFiles = process.files();
    code = process.code();
    trace = process.trace();
    starter = process.starter();
    pid = (int) kernel.call(Syscall.GETPID, 0);
    limits = new ResourceLimits(kernel);
    fds = new FdTable(limits.openFiles());
    limits.govern(fds);
    InheritedDescriptors.adopt(kernel, root.files(), fds);
  }

  /** The descriptors of signalfd(2). */
  synchronized SignalDescriptors signalDescriptors(Guest guest) {
    if (signalDescriptors == null) {
      signalDescriptors = new SignalDescriptors(guest.kernel);
    }
    return signalDescriptors;
  }
}
