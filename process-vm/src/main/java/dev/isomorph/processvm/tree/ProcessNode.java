package dev.isomorph.processvm.tree;

import dev.isomorph.processvm.signal.GuestSignals;
import java.util.ArrayList;
import java.util.List;

/**
 * A process in the {@link ProcessTree}, whose monitor guards all of it that can change; what is
 * volatile may be read without.
 */
public final class ProcessNode {
  private final int pid;
  private final int uid;

  /** What the parent is sent when the process ends, 0 for nothing (clone(2)). */
  final int exitSignal;

  /** Null for the first process, and for one whose parent has ended. */
  ProcessNode parent;

  final List<ProcessNode> children = new ArrayList<>(2);
  volatile int group;
  int session;

  /** The signal state of one of its threads; signals for the process go there. */
  volatile GuestSignals signals;

  /** What its parent has not yet waited for; null for nothing. */
  ChildChange change;

  volatile boolean ended;

  /** Sent to the process when its parent ends (PR_SET_PDEATHSIG), 0 for nothing. */
  int parentDeathSignal;

  /** Whether it has run another program since it was made: setpgid(2) is its own affair then. */
  boolean hasExecuted;

  /** Threads of the process that wait for a change of some child. */
  final List<GuestSignals> waiters = new ArrayList<>(1);

  /** Processor time of the children it has waited for, and of those they have. */
  final ProcessorTime childrenTime = new ProcessorTime();

  ProcessNode(int pid, int uid, int exitSignal, ProcessNode parent) {
    this.pid = pid;
    this.uid = uid;
    this.exitSignal = exitSignal;
    this.parent = parent;
  }

  public int pid() {
    return pid;
  }

  int uid() {
    return uid;
  }

  /** Processor time of the children it has waited for, and of those they have. */
  public ProcessorTime childrenTime() {
    return childrenTime;
  }
}
