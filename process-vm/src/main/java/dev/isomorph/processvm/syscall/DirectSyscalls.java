package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.lower.DirectCalls;

/**
 * Which calls emitted code may make without coming back to Java: those that the host carries out by
 * itself once descriptors and pointers have been translated. The table of calls tells which they
 * are; a few more are named here.
 */
final class DirectSyscalls {
  /** Where the host's process is the guest's. */
  private static DirectCalls ofFirst;

  private static DirectCalls ofOthers;

  private DirectSyscalls() {}

  /** The calls of the first process, or of any other. */
  static synchronized DirectCalls of(boolean first) {
    if (ofFirst == null) {
      ofFirst = make();
      allow(ofFirst, Syscall.GETPID, new DirectCalls.Form());
      allow(ofFirst, Syscall.GETPPID, new DirectCalls.Form());
      ofOthers = make();
    }
    return first ? ofFirst : ofOthers;
  }

  private static DirectCalls make() {
    DirectCalls calls = new DirectCalls();
    for (Syscall call : Syscall.values()) {
      if (isDirect(call)) {
        allow(calls, call, form(call));
      }
    }
    allow(calls, Syscall.FUTEX, new DirectCalls.Form().pointer(0).futex());
    return calls;
  }

  private static void allow(DirectCalls calls, Syscall call, DirectCalls.Form form) {
    calls.allow(call.number, call.host, form);
  }

  /** Whether a call's row of the table of calls says all, and no more than emitted code can do. */
  static boolean isDirect(Syscall call) {
    if (call.group != Group.PASS && call.group != Group.WAIT) {
      return false;
    }
    for (int i = 0; i < call.arguments.length; i++) {
      boolean fits =
          switch (call.arguments[i].kind) {
            case INT, UINT, LONG, POINTER, BUFFER -> true;
            case FD -> i == 0;
            case TID, DIRFD, PATH, PATH_ENTRY, PATH_AT -> false;
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static DirectCalls.Form form(Syscall call) {
    DirectCalls.Form form = new DirectCalls.Form();
    for (int i = 0; i < call.arguments.length; i++) {
      switch (call.arguments[i].kind) {
        case POINTER, BUFFER -> form.pointer(i);
        case FD -> form.descriptor();
        default -> {} // The host's kernel takes of the register what it needs.
      }
    }
    return form;
  }
}
