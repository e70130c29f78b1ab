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
  final Family family;
  final int pid;
  final IntervalTimer realTimer;

  /** Prints the calls of the first thread of the first process; null for none. */
  final Strace trace;

  /** Starts threads and processes; null where there can be but one. */
  final ProcessHost host;

  /** Lets the parent go on that lent the process its memory; null if none waits for that. */
  MemoryLoan loan;

  private SignalDescriptors signalDescriptors;

  /** The state of the first process. */
  SharedState(SystemCalls.Process process, HostKernel kernel) {
    this(
        process.home(),
        process.paths(),
        process.family(),
        process.trace(),
        new ResourceLimits(kernel),
        null,
        new IntervalTimer(process.family()));
    InheritedDescriptors.adopt(kernel, root.files(), fds);
  }

  private SharedState(
      ProcessHost.Home home,
      RootedPaths root,
      Family family,
      Strace trace,
      ResourceLimits limits,
      FdTable fds,
      IntervalTimer realTimer) {
    this.root = root;
    this.family = family;
    this.trace = trace;
    this.limits = limits;
    this.fds = fds != null ? fds : new FdTable(limits.openFiles());
    limits.govern(this.fds);
    space = home.memory();
    memory = new UserMemory(space);
    procFiles = home.files();
    code = home.code();
    host = home.host();
    pid = family.self().pid();
    this.realTimer = realTimer;
  }

  /** The state of a new process that is a copy of this one. */
  SharedState forked(ProcessHost.Home home, Family itsFamily) {
    IntervalTimer timer = new IntervalTimer(itsFamily);
    return new SharedState(home, root, itsFamily, trace, limits.copy(), fds.copy(), timer);
  }

  /** The state of this process when it runs another program. */
  SharedState executed(ProcessHost.Home home) {
    return new SharedState(home, root, family, trace, limits, fds, realTimer);
  }

  /** The descriptors of signalfd(2). */
  synchronized SignalDescriptors signalDescriptors(Guest guest) {
    if (signalDescriptors == null) {
      signalDescriptors = new SignalDescriptors(guest.kernel);
    }
    return signalDescriptors;
  }

  /** The process has memory of its own now, or none any more. */
  void returnLoan() {
    if (loan != null) {
      loan.giveBack();
      loan = null;
    }
  }
}
