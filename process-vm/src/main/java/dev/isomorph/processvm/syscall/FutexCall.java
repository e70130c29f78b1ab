package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/**
 * futex(2). The host's futexes serve, at the host addresses of the guest's words. Those with
 * priority inheritance are not offered: the kernel would look for the host's thread id in the word.
 */
final class FutexCall {
  private static final int WAIT = 0;
  private static final int WAKE = 1;
  private static final int REQUEUE = 3;
  private static final int CMP_REQUEUE = 4;
  private static final int WAKE_OP = 5;
  private static final int WAIT_BITSET = 9;
  private static final int WAKE_BITSET = 10;
  private static final int PRIVATE_FLAG = 128;
  private static final int CLOCK_REALTIME_FLAG = 256;
  private static final int TIMESPEC_BYTES = 16;
  private static final int MATCH_ANY = -1;
  private static final int CLOCK_MONOTONIC = 1;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Guest guest;

  FutexCall(Guest guest) {
    this.guest = guest;
  }

  long call(long[] a) {
    long word = guest.memory.pass(a[0], Integer.BYTES);
    int operation = (int) a[1];
    long value = a[2] & 0xffff_ffffL;
    return switch (operation & ~(PRIVATE_FLAG | CLOCK_REALTIME_FLAG)) {
      case WAIT -> {
        long deadline = deadline(a[3]);
        yield await(
            word,
            operation & PRIVATE_FLAG | WAIT_BITSET,
            value,
            deadline,
            MATCH_ANY,
            deadline == 0 ? HostKernel.RESTARTED : -Errno.EINTR);
      }
      case WAIT_BITSET -> {
        long deadline = a[3] == 0 ? 0 : guest.memory.readable(a[3], TIMESPEC_BYTES);
        yield await(word, operation, value, deadline, a[5], HostKernel.RESTARTED);
      }
      case WAKE, WAKE_BITSET ->
          guest.kernel.call(Syscall.FUTEX, word, operation, value, 0, 0, a[5]);
      case REQUEUE, CMP_REQUEUE, WAKE_OP -> {
        long second = guest.memory.pass(a[4], Integer.BYTES);
        yield guest.kernel.call(Syscall.FUTEX, word, operation, value, a[3], second, a[5]);
      }
      default -> -Errno.ENOSYS;
    };
  }

  /**
   * Returns the host address of the monotonic time at which a relative timeout ends, 0 for never.
   */
  private long deadline(long timeout) {
    if (timeout == 0) {
      return 0;
    }
    long seconds = guest.memory.getLong(timeout);
    long nanos = guest.memory.getLong(timeout + 8);
    if (seconds < 0 || nanos < 0 || nanos >= NANOS_PER_SECOND) {
      throw new CallFailure(Errno.EINVAL);
    }
    long end = guest.scratch.take(TIMESPEC_BYTES);
    guest.kernel.call(Syscall.CLOCK_GETTIME, CLOCK_MONOTONIC, end);
    nanos += HostMemory.getLong(end + 8);
    seconds += HostMemory.getLong(end) + nanos / NANOS_PER_SECOND;
    HostMemory.putLong(end, seconds < 0 ? Long.MAX_VALUE : seconds);
    HostMemory.putLong(end + 8, nanos % NANOS_PER_SECOND);
    return end;
  }

  /**
   * Waits until a time, so that an interruption the guest must not see does not prolong the wait.
   *
   * @param interrupted what to answer when a signal waits for the guest
   */
  private long await(
      long word, int operation, long value, long deadline, long bits, long interrupted) {
    while (true) {
      if (guest.signals.interrupted()) {
        return interrupted;
      }
      long result = guest.kernel.attempt(Syscall.FUTEX, word, operation, value, deadline, 0, bits);
      if (!HostKernel.isInterruption(result)) {
        return result;
      }
    }
  }
}
