package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/** Calls with struct epoll_event, which is packed on x86-64 only. */
final class EpollCalls implements CallGroup {
  private static final int EPOLL_CTL_DEL = 2;
  private static final int TIMESPEC_BYTES = 16;

  /** Events handed over at once; who asks for more gets the rest by the next call. */
  private static final int MOST_EVENTS = 1 << 16;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Guest guest;

  EpollCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    int host = guest.fds.host((int) a[0]);
    if (host < 0) {
      return -Errno.EBADF;
    }
    return switch (call) {
      case EPOLL_CTL -> control(call, host, (int) a[1], (int) a[2], a[3]);
      case EPOLL_PWAIT -> {
        int millis = (int) a[3];
        long nanos = millis < 0 ? -1 : millis * NANOS_PER_MILLI;
        yield await(host, a[1], (int) a[2], nanos, a[4], a[5]);
      }
      case EPOLL_PWAIT2 -> await(host, a[1], (int) a[2], timeout(a[3]), a[4], a[5]);
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  private long control(Syscall call, int host, int operation, int descriptor, long pointer) {
    long event = 0;
    if (operation != EPOLL_CTL_DEL) {
      event = guest.scratch.take(StructLayout.EPOLL_EVENT.hostSize);
      long from = guest.memory.readable(pointer, StructLayout.EPOLL_EVENT.guestSize);
      StructLayout.EPOLL_EVENT.toHost(from, event);
    }
    int watched = guest.fds.host(descriptor);
    return watched < 0 ? watched : guest.kernel.call(call, host, operation, watched, event);
  }

  /** Returns a timespec in nanoseconds, -1 for none. */
  private long timeout(long pointer) {
    if (pointer == 0) {
      return -1;
    }
    long seconds = guest.memory.getLong(pointer);
    long nanos = guest.memory.getLong(pointer + 8);
    if (seconds < 0 || nanos < 0 || nanos >= NANOS_PER_SECOND) {
      throw new CallFailure(Errno.EINVAL);
    }
    return seconds > Long.MAX_VALUE / NANOS_PER_SECOND - 1
        ? -1
        : seconds * NANOS_PER_SECOND + nanos;
  }

  private long await(int host, long pointer, int most, long timeout, long mask, long maskSize) {
    if (most <= 0 || most > Integer.MAX_VALUE / StructLayout.EPOLL_EVENT.guestSize) {
      return -Errno.EINVAL;
    }
    PollCalls.takeMask(guest, mask, maskSize);
    int count = Math.min(most, MOST_EVENTS);
    if (!guest.space.inWindow(pointer, (long) count * StructLayout.EPOLL_EVENT.guestSize)) {
      return -Errno.EFAULT;
    }
    long events = guest.scratch.take((long) count * StructLayout.EPOLL_EVENT.hostSize);
    long result = untilReady(host, events, count, timeout);
    for (long i = 0; i < result; i++) {
      int size = StructLayout.EPOLL_EVENT.guestSize;
      StructLayout.EPOLL_EVENT.toGuest(
          events + i * StructLayout.EPOLL_EVENT.hostSize,
          guest.memory.writable(pointer + i * size, size));
    }
    return result;
  }

  private long untilReady(int host, long events, int count, long timeout) {
    long deadline = System.nanoTime() + timeout;
    long remaining = timeout;
    while (true) {
      boolean interrupted = guest.signals.interrupted();
      long result = poll(host, events, count, interrupted ? 0 : remaining);
      if (interrupted) {
        return result == 0 ? HostKernel.ENDED_BY_HANDLER : result;
      }
      if (!HostKernel.isInterruption(result)) {
        return result;
      }
      if (timeout >= 0) {
        remaining = Math.max(0, deadline - System.nanoTime());
      }
    }
  }

  /** Waits once; kernels before 5.11 count in milliseconds only. */
  private long poll(int host, long events, int count, long nanos) {
    long millis = nanos < 0 ? -1 : (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    if (nanos <= 0 || nanos % NANOS_PER_MILLI == 0) {
      return nanos == 0
          ? guest.kernel.call(Syscall.EPOLL_PWAIT, host, events, count, 0, 0, 0)
          : guest.kernel.attempt(
              Syscall.EPOLL_PWAIT, host, events, count, Math.min(millis, Integer.MAX_VALUE), 0, 0);
    }
    long timespec = guest.scratch.take(TIMESPEC_BYTES);
    HostMemory.putLong(timespec, nanos / NANOS_PER_SECOND);
    HostMemory.putLong(timespec + 8, nanos % NANOS_PER_SECOND);
    long result = guest.kernel.attempt(Syscall.EPOLL_PWAIT2, host, events, count, timespec, 0, 0);
    return result == -Errno.ENOSYS
        ? guest.kernel.attempt(Syscall.EPOLL_PWAIT, host, events, count, millis, 0, 0)
        : result;
  }
}
