package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.signal.Signal;

/**
 * ITIMER_REAL of a process other than the first (setitimer(2)). The host process has one only,
 * which is the first's; the others get timers of timer_create(2).
 */
final class IntervalTimer {
  private static final int CLOCK_MONOTONIC = 1;
  private static final int NANOS_PER_MICRO = 1000;

  /** Bytes of a struct itimerspec, and of a struct itimerval. */
  private static final int BYTES = 32;

  // struct sigevent; its sigev_notify is SIGEV_SIGNAL, which is 0.
  private static final int SIGEVENT_BYTES = 64;
  private static final int SIGEV_SIGNO = 8;

  private final Family family;
  private int timer = -1;

  IntervalTimer(Family family) {
    this.family = family;
  }

  /** setitimer(2); the arguments are guest addresses, 0 for none. */
  synchronized long set(Guest guest, long newValue, long oldValue) {
    if (timer < 0) {
      create(guest);
    }
    long wanted = guest.scratch.zeroed(BYTES);
    if (newValue != 0) {
      guest.memory.copyIn(newValue, wanted, BYTES);
    }
    scale(wanted, NANOS_PER_MICRO, 1);
    long old = guest.scratch.zeroed(BYTES);
    long result = guest.kernel.call(Syscall.TIMER_SETTIME, timer, 0, wanted, old);
    if (result == 0 && oldValue != 0) {
      scale(old, 1, NANOS_PER_MICRO);
      guest.memory.copyOut(old, oldValue, BYTES);
    }
    return result;
  }

  /** getitimer(2). */
  synchronized long get(Guest guest, long value) {
    long now = guest.scratch.zeroed(BYTES);
    if (timer >= 0) {
      guest.kernel.call(Syscall.TIMER_GETTIME, timer, now);
      scale(now, 1, NANOS_PER_MICRO);
    }
    guest.memory.copyOut(now, value, BYTES);
    return 0;
  }

  private void create(Guest guest) {
    family.host().listen(Signal.SIGALRM);
    long event = guest.scratch.zeroed(SIGEVENT_BYTES);
    HostMemory.putInt(event + SIGEV_SIGNO, Signal.SIGALRM);
    long id = guest.scratch.take(Integer.BYTES);
    long result = guest.kernel.call(Syscall.TIMER_CREATE, CLOCK_MONOTONIC, event, id, 0);
    if (result != 0) {
      throw new CallFailure((int) -result);
    }
    timer = HostMemory.getInt(id);
    family.timers().add(timer, family.self(), true);
  }

  /** Converts the fractions of the two times at a host address. */
  private static void scale(long address, int factor, int divisor) {
    for (int offset = 8; offset < BYTES; offset += 16) {
      long fraction = HostMemory.getLong(address + offset);
      HostMemory.putLong(address + offset, fraction * factor / divisor);
    }
  }
}
