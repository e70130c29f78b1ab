package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.fs.FdTable;
import dev.isomorph.processvm.fs.RootedPaths;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.CodeInvalidator;
import dev.isomorph.processvm.procfs.ProcFiles;
import dev.isomorph.processvm.signal.GuestRegisters;
import dev.isomorph.processvm.signal.GuestSignals;

/**
 * The guest thread whose system calls are carried out: what the code for the calls works on. What
 * it shares with the other threads of its process comes first; the rest is its own.
 */
final class Guest {
  final SharedState process;
  final AddressSpace space;
  final UserMemory memory;
  final RootedPaths root;
  final ProcFiles procFiles;
  final CodeInvalidator code;
  final ResourceLimits limits;
  final FdTable fds;

  /** The process id. */
  final int pid;

  final GuestSignals signals;
  final HostKernel kernel;
  final Scratch scratch = new Scratch();
  final PathArguments paths;

  /** The thread's id in the guest: the process id for its main thread, else the host's. */
  final int tid;

  /** The host's id of the thread that runs this one. */
  final int hostTid;

  /** Registers of the thread, while a call is being carried out. */
  GuestRegisters registers;

  /** Set when the thread has come to its end, and the process with it if that is set, too. */
  boolean exited;

  boolean processExited;
  int exitStatus;

  /** The program that is to replace the one that runs; null for none. */
  Execution execution;

  /** Where the kernel is to store 0 when the thread ends (set_tid_address(2)). */
  long clearChildTid;

  long robustList;
  long personality;

  /** The first thread of a process; it is the calling one. */
  Guest(SystemCalls.Process process) {
    this(new SharedState(process, kernelOf(process)), process.signals(), process.pollFlag(), true);
    process.family().tree().receiveBy(process.family().self(), signals);
  }

  private static HostKernel kernelOf(SystemCalls.Process process) {
    int pid = process.family().self().pid();
    return new HostKernel(process.signals(), pid, process.pollFlag());
  }

  /**
   * A further thread; it is the calling one.
   *
   * @param creator the thread that made it
   */
  Guest(Guest creator, GuestSignals signals, long pollFlag) {
    this(creator.process, signals, pollFlag, false);
    personality = creator.personality;
  }

  /** The main thread of a process that is not new to the kernel; it is the calling one. */
  static Guest main(SharedState process, GuestSignals signals, long pollFlag) {
    Guest guest = new Guest(process, signals, pollFlag, true);
    process.family.tree().receiveBy(process.family.self(), signals);
    return guest;
  }

  private Guest(SharedState process, GuestSignals signals, long pollFlag, boolean first) {
    this.process = process;
    this.signals = signals;
    space = process.space;
    memory = process.memory;
    root = process.root;
    procFiles = process.procFiles;
    code = process.code;
    limits = process.limits;
    fds = process.fds;
    pid = process.pid;
    kernel = new HostKernel(signals, pid, pollFlag);
    hostTid = (int) kernel.call(Syscall.GETTID, 0);
    tid = first ? pid : hostTid;
    paths = new PathArguments(this);
    process.threads.add(this);
  }

  /**
   * Gives the guest a descriptor for a new one of the host.
   *
   * @param host the host's descriptor or a negative errno
   * @return the guest's, or a negative errno
   */
  long install(long host) {
    if (HostKernel.failed(host)) {
      return host;
    }
    int descriptor = fds.add((int) host);
    if (descriptor < 0) {
      kernel.call(Syscall.CLOSE, host);
    }
    return descriptor;
  }

  /**
   * Returns the host's id of a thread: 0 for the calling one, the argument itself if it is none of
   * this process.
   */
  int hostTid(int id) {
    if (id == tid) {
      return 0;
    }
    Guest thread = id == pid ? process.threads.byId(id) : null;
    return thread == null ? id : thread.hostTid;
  }

  /** Frees what the thread had for itself. */
  void release() {
    scratch.release();
  }
}
