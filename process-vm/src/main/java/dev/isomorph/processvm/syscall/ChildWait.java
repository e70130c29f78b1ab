package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.tree.ChildChange;
import dev.isomorph.processvm.tree.ChildSelector;
import dev.isomorph.processvm.tree.NoChildException;
import dev.isomorph.processvm.tree.ProcessNode;
import dev.isomorph.processvm.tree.ProcessTree;

/** wait4(2) and waitid(2). */
final class ChildWait {
  // Options (linux/wait.h).
  private static final int WNOHANG = 1;
  private static final int WSTOPPED = 2;
  private static final int WEXITED = 4;
  private static final int WCONTINUED = 8;
  private static final int WNOWAIT = 0x0100_0000;

  private static final int WNOTHREAD = 0x2000_0000;
  private static final int WALL = 0x4000_0000;
  private static final int WCLONE = 0x8000_0000;

  /** All threads of a process have the same children here, whatever __WNOTHREAD says. */
  private static final int KINDS = WNOTHREAD | WALL | WCLONE;

  // Kinds of id (linux/wait.h).
  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int P_PGID = 2;

  private static final int RUSAGE_BYTES = 144;
  private static final int SIGINFO_BYTES = 128;

  private final Guest guest;
  private final ProcessNode self;
  private final ProcessTree tree;

  ChildWait(Guest guest) {
    this.guest = guest;
    this.self = guest.process.family.self();
    this.tree = guest.process.family.tree();
  }

  long wait4(int id, long status, int options, long usage) {
    if ((options & ~(WNOHANG | WSTOPPED | WCONTINUED | KINDS)) != 0) {
      return -Errno.EINVAL;
    }
    if (id == Integer.MIN_VALUE) {
      return -Errno.ESRCH;
    }
    ChildSelector.Kind kind =
        id > 0
            ? ChildSelector.Kind.PROCESS
            : id == -1 ? ChildSelector.Kind.ANY : ChildSelector.Kind.GROUP;
    int named = id > 0 ? id : id == 0 ? tree.groupOf(self.pid()) : -id;
    return await(
        selector(kind, named, options | WEXITED),
        options,
        change -> {
          if (change == null) {
            return 0;
          }
          if (status != 0) {
            guest.memory.putInt(status, change.waitStatus());
          }
          writeUsage(usage, change);
          return change.pid();
        });
  }

  long waitid(int idType, int id, long info, int options, long usage) {
    int states = options & (WEXITED | WSTOPPED | WCONTINUED);
    if ((options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | KINDS)) != 0
        || states == 0) {
      return -Errno.EINVAL;
    }
    ChildSelector.Kind kind =
        switch (idType) {
          case P_ALL -> ChildSelector.Kind.ANY;
          case P_PID -> ChildSelector.Kind.PROCESS;
          case P_PGID -> ChildSelector.Kind.GROUP;
          default -> throw new CallFailure(Errno.EINVAL);
        };
    if (id < 0 || id == 0 && kind == ChildSelector.Kind.PROCESS) {
      return -Errno.EINVAL;
    }
    int named = id == 0 ? tree.groupOf(self.pid()) : id;
    return await(
        selector(kind, named, options),
        options,
        change -> {
          writeInfo(info, change);
          if (change != null) {
            writeUsage(usage, change);
          }
          return 0;
        });
  }

  private static ChildSelector selector(ChildSelector.Kind kind, int id, int options) {
    ChildSelector.Made made =
        (options & WALL) != 0
            ? ChildSelector.Made.ANYHOW
            : (options & WCLONE) != 0 ? ChildSelector.Made.BY_CLONE : ChildSelector.Made.BY_FORK;
    return new ChildSelector(
        made,
        kind,
        id,
        (options & WEXITED) != 0,
        (options & WSTOPPED) != 0,
        (options & WCONTINUED) != 0,
        (options & WNOWAIT) != 0);
  }

  /** What to do with a change that was waited for; null if there is none and WNOHANG was given. */
  private interface Answer {
    long to(ChildChange change);
  }

  private long await(ChildSelector selector, int options, Answer answer) {
    try {
      while (true) {
        ChildChange change = find(selector);
        if (change != null) {
          return answer.to(change);
        }
        if ((options & WNOHANG) != 0) {
          return answer.to(null);
        }
        // This takes back the alarm that a child may have raised meanwhile, so look once more.
        boolean interrupted = guest.signals.interrupted();
        change = find(selector);
        if (change != null) {
          return answer.to(change);
        }
        if (interrupted) {
          return HostKernel.RESTARTED;
        }
        guest.kernel.attempt(Syscall.PPOLL, 0, 0, 0, 0, 0, 0);
      }
    } catch (NoChildException e) {
      return -Errno.ECHILD;
    }
  }

  private ChildChange find(ChildSelector selector) throws NoChildException {
    return tree.findChange(self, selector, guest.signals);
  }

  /** The parts of siginfo_t that waitid(2) sets, or zeros. */
  private void writeInfo(long pointer, ChildChange change) {
    if (pointer == 0) {
      return;
    }
    long info = guest.memory.writable(pointer, SIGINFO_BYTES);
    HostMemory.putInt(info, change == null ? 0 : Signal.SIGCHLD);
    HostMemory.putInt(info + 4, 0);
    HostMemory.putInt(info + 8, change == null ? 0 : change.code());
    HostMemory.putInt(info + 16, change == null ? 0 : change.pid());
    HostMemory.putInt(info + 20, change == null ? 0 : change.uid());
    HostMemory.putInt(info + 24, change == null ? 0 : change.status());
  }

  private void writeUsage(long pointer, ChildChange change) {
    if (pointer != 0) {
      long usage = guest.scratch.zeroed(RUSAGE_BYTES);
      FamilyCalls.fill(usage, change.time());
      guest.memory.copyOut(usage, pointer, RUSAGE_BYTES);
    }
  }
}
