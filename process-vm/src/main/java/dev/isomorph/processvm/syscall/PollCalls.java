package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/** ppoll(2) and pselect6(2): descriptors are translated, and the wait ends for a signal. */
final class PollCalls implements CallGroup {
  static final int SIGSET_BYTES = 8;

  private static final int POLLFD_BYTES = 8;
  private static final int REVENTS = 6;
  private static final int TIMESPEC_BYTES = 16;

  /** A descriptor the host has not got, either: poll(2) answers POLLNVAL. */
  private static final int NOT_OPEN = Integer.MAX_VALUE;

  private final Guest guest;

  PollCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case PPOLL -> ppoll(a[0], a[1] & 0xffff_ffffL, a[2], a[3], a[4]);
      case PSELECT6 -> pselect((int) a[0], a);
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  private long ppoll(long pointer, long count, long timeout, long mask, long maskSize) {
    long remaining = copyTimeout(timeout);
    takeMask(guest, mask, maskSize);
    if (count > guest.fds.limit()) {
      return finish(-Errno.EINVAL, remaining, timeout);
    }
    long polled = guest.scratch.take(count * POLLFD_BYTES);
    guest.memory.copyIn(pointer, polled, count * POLLFD_BYTES);
    for (long at = polled; at < polled + count * POLLFD_BYTES; at += POLLFD_BYTES) {
      int descriptor = HostMemory.getInt(at);
      if (descriptor >= 0) {
        int host = guest.fds.host(descriptor);
        HostMemory.putInt(at, host < 0 ? NOT_OPEN : host);
      }
    }
    long result = await(Syscall.PPOLL, polled, count, remaining, 0, 0, remaining);
    if (result >= 0) {
      long answers = count == 0 ? 0 : guest.memory.writable(pointer, count * POLLFD_BYTES);
      for (long i = 0; i < count * POLLFD_BYTES; i += POLLFD_BYTES) {
        HostMemory.putShort(answers + i + REVENTS, HostMemory.getShort(polled + i + REVENTS));
      }
    }
    return finish(result, remaining, timeout);
  }

  private long pselect(int count, long[] a) {
    long maskPair = a[5];
    long mask = maskPair == 0 ? 0 : guest.memory.getLong(maskPair);
    long maskSize = maskPair == 0 ? 0 : guest.memory.getLong(maskPair + 8);
    long remaining = copyTimeout(a[4]);
    takeMask(guest, mask, maskSize);
    if (count < 0) {
      return finish(-Errno.EINVAL, remaining, a[4]);
    }
    DescriptorSets sets = new DescriptorSets(guest, Math.min(count, guest.fds.limit()));
    for (int i = 0; i < 3; i++) {
      sets.read(i, a[1 + i]);
    }
    sets.build();
    long result =
        await(
            Syscall.PSELECT6,
            sets.count(),
            sets.set(0),
            sets.set(1),
            sets.set(2),
            remaining,
            remaining);
    if (result >= 0) {
      for (int i = 0; i < 3; i++) {
        sets.write(i, a[1 + i]);
      }
    }
    return finish(result, remaining, a[4]);
  }

  /**
   * Polls until something is ready, the time is up or a signal waits. The host keeps the time that
   * is left at {@code remaining}.
   */
  private long await(
      Syscall call, long first, long second, long third, long fourth, long fifth, long remaining) {
    while (true) {
      if (guest.signals.interrupted()) {
        long none = guest.scratch.zeroed(TIMESPEC_BYTES);
        boolean isPoll = call == Syscall.PPOLL;
        long result =
            guest.kernel.call(
                call, first, second, isPoll ? none : third, fourth, isPoll ? 0 : none, 0);
        return result == 0 ? HostKernel.ENDED_BY_HANDLER : result;
      }
      long result = guest.kernel.attempt(call, first, second, third, fourth, fifth, 0);
      if (!HostKernel.isInterruption(result)) {
        return result;
      }
    }
  }

  private long copyTimeout(long timeout) {
    if (timeout == 0) {
      return 0;
    }
    long copy = guest.scratch.take(TIMESPEC_BYTES);
    guest.memory.copyIn(timeout, copy, TIMESPEC_BYTES);
    return copy;
  }

  /** Puts a signal mask given to a waiting call in force, if there is one. */
  static void takeMask(Guest guest, long mask, long maskSize) {
    if (mask != 0) {
      if (maskSize != SIGSET_BYTES) {
        throw new CallFailure(Errno.EINVAL);
      }
      guest.signals.suspendMask(guest.memory.getLong(mask));
    }
  }

  private long finish(long result, long remaining, long timeout) {
    if (timeout != 0 && guest.space.writable(timeout, TIMESPEC_BYTES)) {
      guest.memory.copyOut(remaining, timeout, TIMESPEC_BYTES);
    }
    return result;
  }
}
