package dev.isomorph.processvm.tree;

import dev.isomorph.processvm.signal.Signal;

/**
 * Which children, and which changes of them, a thread waits for (wait4(2), waitid(2)).
 *
 * @param made how the children were made that count
 * @param kind whether {@code id} is that of a process or a group, or means nothing
 * @param ends whether children that have ended count
 * @param stops whether those count that have stopped
 * @param continues whether those count that go on after a stop
 * @param keep whether what is found can be waited for again
 */
public record ChildSelector(
    Made made, Kind kind, int id, boolean ends, boolean stops, boolean continues, boolean keep) {
  /** Children told apart by the signal of their end: SIGCHLD, or another or none (__WCLONE). */
  public enum Made {
    ANYHOW,
    BY_FORK,
    BY_CLONE
  }

  /** What an id names. */
  public enum Kind {
    ANY,
    PROCESS,
    GROUP
  }

  boolean covers(ProcessNode child) {
    boolean forked = child.exitSignal == Signal.SIGCHLD;
    if (made != Made.ANYHOW && forked != (made == Made.BY_FORK)) {
      return false;
    }
    return switch (kind) {
      case ANY -> true;
      case PROCESS -> child.pid() == id;
      case GROUP -> child.group == id;
    };
  }

  boolean wants(ChildChange change) {
    return switch (change.kind()) {
      case EXITED, KILLED, DUMPED -> ends;
      case TRAPPED, STOPPED -> stops;
      case CONTINUED -> continues;
    };
  }
}
