package dev.isomorph.processvm.tree;

/**
 * Which children, and which changes of them, a thread waits for (wait4(2), waitid(2)).
 *
 * @param kind whether {@code id} is that of a process or a group, or means nothing
 * @param ends whether children that have ended count
 * @param stops whether those count that have stopped
 * @param continues whether those count that go on after a stop
 * @param keep whether what is found can be waited for again
 */
public record ChildSelector(
    Kind kind, int id, boolean ends, boolean stops, boolean continues, boolean keep) {
  /** What an id names. */
  public enum Kind {
    ANY,
    PROCESS,
    GROUP
  }

  boolean covers(ProcessNode child) {
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
