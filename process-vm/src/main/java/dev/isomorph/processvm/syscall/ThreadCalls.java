package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.Alarm;
import dev.isomorph.processvm.signal.GuestRegisters;

/** Calls about the life of threads (clone(2), set_tid_address(2), set_robust_list(2), exit(2)). */
final class ThreadCalls implements CallGroup {
  private static final int ROBUST_LIST_HEAD_BYTES = 24;
  private static final int INSTRUCTION_BYTES = 4;

  // Flags of clone(2), linux/sched.h.
  private static final long CLONE_VM = 0x100;
  private static final long CLONE_FS = 0x200;
  private static final long CLONE_FILES = 0x400;
  private static final long CLONE_SIGHAND = 0x800;
  private static final long CLONE_THREAD = 0x10000;
  private static final long CLONE_SYSVSEM = 0x40000;
  private static final long CLONE_SETTLS = 0x80000;
  private static final long CLONE_PARENT_SETTID = 0x100000;
  private static final long CLONE_CHILD_CLEARTID = 0x200000;
  private static final long CLONE_DETACHED = 0x400000;
  private static final long CLONE_CHILD_SETTID = 0x1000000;

  /** The low byte is the signal that tells the parent of the end; threads have none. */
  private static final long SIGNAL = 0xff;

  /** What a thread must share with its creator. */
  private static final long THREAD =
      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;

  private static final long OPTIONS =
      CLONE_SYSVSEM
          | CLONE_SETTLS
          | CLONE_PARENT_SETTID
          | CLONE_CHILD_CLEARTID
          | CLONE_CHILD_SETTID
          | CLONE_DETACHED
          | SIGNAL;

  private final Guest guest;

  ThreadCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case CLONE -> clone(new Request(a[0], a[1], a[2], a[3], a[4]));
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

  /** The arguments of clone(2), in the order of riscv64. */
  private record Request(long flags, long stack, long parentTid, long tls, long childTid) {
    boolean has(long flag) {
      return (flags & flag) != 0;
    }
  }

  /** Makes a thread. New processes, with memory of their own or borrowed, are not offered. */
  private long clone(Request request) {
    long flags = request.flags();
    if ((flags & THREAD) != THREAD
        || (flags & ~(THREAD | OPTIONS)) != 0
        || guest.process.starter == null) {
      return -Errno.ENOSYS;
    }
    NewThread thread = new NewThread(request);
    if (!guest.process.starter.start(guest.registers, thread)) {
      return -Errno.EAGAIN;
    }
    return thread.awaitTid();
  }

  /** The step from one thread to another: the creator waits until the new one has its id. */
  private final class NewThread implements ThreadStarter.Birth {
    private final Request request;
    private int tid;

    NewThread(Request request) {
      this.request = request;
    }

    @Override
    public SystemCalls prepare(GuestRegisters registers, long pollFlag, Alarm alarm) {
      Guest child = new Guest(guest, guest.signals.newThread(alarm), pollFlag);
      registers.x(10, 0);
      registers.pc(registers.pc() + INSTRUCTION_BYTES);
      if (request.stack() != 0) {
        registers.x(2, request.stack());
      }
      if (request.has(CLONE_SETTLS)) {
        registers.x(4, request.tls());
      }
      if (request.has(CLONE_CHILD_CLEARTID)) {
        child.clearChildTid = request.childTid();
      }
      // As in the kernel, memory that cannot be written is no reason to fail.
      storeTid(request.has(CLONE_PARENT_SETTID), request.parentTid(), child.tid);
      storeTid(request.has(CLONE_CHILD_SETTID), request.childTid(), child.tid);
      announce(child.tid);
      return new SystemCalls(child);
    }

    private synchronized void announce(int id) {
      tid = id;
      notifyAll();
    }

    synchronized int awaitTid() {
      while (tid == 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          // Nobody interrupts threads that run guest code; the condition is tested again.
        }
      }
      return tid;
    }
  }

  private void storeTid(boolean wanted, long pointer, int tid) {
    if (wanted && guest.space.writable(pointer, Integer.BYTES)) {
      HostMemory.putIntVolatile(guest.space.hostAddress(pointer), tid);
    }
  }
}
