package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.Errno;

/** Calls about the life of threads (clone(2), set_tid_address(2), set_robust_list(2), exit(2)). */
final class ThreadCalls implements CallGroup {
  private static final int ROBUST_LIST_HEAD_BYTES = 24;

  private final Guest guest;

  ThreadCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case CLONE -> clone(new CloneRequest(a[0], a[1], a[2], a[3], a[4]));
      case EXIT -> {
        guest.exited = true;
        guest.exitStatus = (int) a[0] & 0xff;
        yield 0;
      }
      case EXIT_GROUP -> {
        guest.exited = true;
        guest.processExited = true;
        guest.exitStatus = (int) a[0] & 0xff;
        yield 0;
      }
      case GETTID -> guest.tid;
      case SET_TID_ADDRESS -> {
        guest.clearChildTid = a[0];
        yield guest.tid;
      }
      case SET_ROBUST_LIST -> {
        if (a[1] != ROBUST_LIST_HEAD_BYTES) {
          yield -Errno.EINVAL;
        }
        guest.robustList = a[0];
        yield 0;
      }
      case GET_ROBUST_LIST -> {
        Guest thread = (int) a[0] == 0 ? guest : guest.process.threads.byId((int) a[0]);
        if (thread == null) {
          yield -Errno.ESRCH;
        }
        guest.memory.putLong(a[2], ROBUST_LIST_HEAD_BYTES);
        guest.memory.putLong(a[1], thread.robustList);
        yield 0;
      }
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  /** Makes a thread or a process. */
  private long clone(CloneRequest request) {
    if (request.isPrivileged()) {
      return -Errno.EPERM;
    }
    if (guest.process.host == null) {
      return -Errno.ENOSYS;
    }
    if (request.isThread()) {
      return new Descent(guest, request).makeThread();
    }
    return request.isProcess() ? new Descent(guest, request).makeProcess() : -Errno.ENOSYS;
  }
}
