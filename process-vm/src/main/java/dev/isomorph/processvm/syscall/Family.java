package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.signal.HostSignals;
import dev.isomorph.processvm.tree.ProcessNode;
import dev.isomorph.processvm.tree.ProcessTree;
import dev.isomorph.processvm.tree.TimerOwners;

/**
 * A process among the others.
 *
 * @param tree all of them
 * @param self this one
 * @param timers whose the host's timers are
 * @param host the host's signals
 */
public record Family(ProcessTree tree, ProcessNode self, TimerOwners timers, HostSignals host) {
  /** The family of the first process, which the host sees as its own. */
  public static Family first(ProcessTree tree, TimerOwners timers, HostSignals host) {
    return new Family(tree, tree.first(), timers, host);
  }

  /** Whether this is the process that the host sees. */
  public boolean isFirst() {
    return self == tree.first();
  }

  Family with(ProcessNode other) {
    return new Family(tree, other, timers, host);
  }
}
