package dev.isomorph.processvm.tree;

import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;

/**
 * What has become of a child, as its parent learns it (wait(2), waitid(2), sigaction(2)).
 *
 * @param pid the child
 * @param uid its user
 * @param kind what happened
 * @param status the exit status, or the signal that killed, stopped or continued it
 * @param time processor time of it and of the children it has waited for, once it has ended
 */
public record ChildChange(int pid, int uid, Kind kind, int status, ProcessorTime time) {
  /** Kinds of change, in the order of the {@code CLD_} constants (asm-generic/siginfo.h). */
  public enum Kind {
    EXITED,
    KILLED,
    DUMPED,
    TRAPPED,
    STOPPED,
    CONTINUED;

    boolean isEnd() {
      return this == EXITED || this == KILLED || this == DUMPED;
    }
  }

  /** The si_code of SIGCHLD. */
  public int code() {
    return kind.ordinal() + 1;
  }

  /** The status that wait(2) stores. */
  public int waitStatus() {
    return switch (kind) {
      case EXITED -> (status & 0xff) << 8;
      case KILLED, DUMPED -> status;
      case TRAPPED, STOPPED -> status << 8 | 0x7f;
      case CONTINUED -> 0xffff;
    };
  }

  /** The siginfo_t that comes with {@code signal}, which is mostly SIGCHLD. */
  SignalInfo info(int signal) {
    return new SignalInfo(signal, 0, code(), pid & 0xffff_ffffL | (long) uid << 32, status, 0, 0);
  }

  static ChildChange stopped(int pid, int uid, int signal) {
    return new ChildChange(pid, uid, Kind.STOPPED, signal, new ProcessorTime());
  }

  static ChildChange continued(int pid, int uid) {
    return new ChildChange(pid, uid, Kind.CONTINUED, Signal.SIGCONT, new ProcessorTime());
  }
}
