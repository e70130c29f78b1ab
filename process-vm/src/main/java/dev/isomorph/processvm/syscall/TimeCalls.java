package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.Signal;

/** Sleeping, which goes on after signals that no handler takes, and timers. */
final class TimeCalls implements CallGroup {
  private static final int CLOCK_REALTIME = 0;
  private static final int CLOCK_MONOTONIC = 1;
  private static final int CLOCK_THREAD_CPUTIME_ID = 3;
  private static final int ITIMER_REAL = 0;
  private static final int TIMER_ABSTIME = 1;
  private static final int TIMESPEC_BYTES = 16;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** The kernel counts nanoseconds in 63 bits; longer sleeps are cut to that. */
  private static final long MOST_SECONDS = Long.MAX_VALUE / NANOS_PER_SECOND;

  // struct sigevent
  private static final int SIGEVENT_BYTES = 64;
  private static final int SIGEV_SIGNO = 8;
  private static final int SIGEV_NOTIFY = 12;
  private static final int SIGEV_THREAD = 16;
  private static final int SIGEV_SIGNAL = 0;
  private static final int SIGEV_THREAD_ID = 4;

  private final Guest guest;

  /** The sleep that restart_syscall(2) goes on with. */
  private int clock;

  private long wakeSeconds;
  private long wakeNanos;
  private long remainder;
  private boolean sleeping;

  TimeCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case NANOSLEEP -> sleep(CLOCK_MONOTONIC, a[0], a[1]);
      case CLOCK_NANOSLEEP -> {
        int flags = (int) a[1];
        yield (flags & TIMER_ABSTIME) != 0
            ? sleepUntil((int) a[0], flags, a[2])
            : sleep((int) a[0], a[2], a[3]);
      }
      case RESTART_SYSCALL -> sleeping ? goOn() : -Errno.EINTR;
      case TIMER_CREATE -> createTimer(call, (int) a[0], a[1], a[2]);
      case TIMER_DELETE -> {
        guest.process.family.timers().remove((int) a[0]);
        yield guest.kernel.call(call, (int) a[0]);
      }
      case SETITIMER -> setIntervalTimer(call, (int) a[0], a[1], a[2]);
      case GETITIMER ->
          isOwnRealTimer((int) a[0])
              ? guest.process.realTimer.get(guest, a[1])
              : guest.kernel.call(call, (int) a[0], guest.memory.pass(a[1], 0));
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  private long sleep(int wanted, long request, long remaining) {
    if (wanted == CLOCK_THREAD_CPUTIME_ID) {
      return -Errno.EINVAL;
    }
    long seconds = guest.memory.getLong(request);
    long nanos = guest.memory.getLong(request + 8);
    if (seconds < 0 || nanos < 0 || nanos >= NANOS_PER_SECOND) {
      return -Errno.EINVAL;
    }
    // Setting the wall clock does not change how long a relative sleep takes.
    clock = wanted == CLOCK_REALTIME ? CLOCK_MONOTONIC : wanted;
    long now = guest.scratch.take(TIMESPEC_BYTES);
    long result = guest.kernel.call(Syscall.CLOCK_GETTIME, clock, now);
    if (result < 0) {
      return -Errno.EINVAL;
    }
    wakeNanos = HostMemory.getLong(now + 8) + nanos;
    wakeSeconds = HostMemory.getLong(now) + seconds + wakeNanos / NANOS_PER_SECOND;
    wakeNanos %= NANOS_PER_SECOND;
    if (wakeSeconds < 0 || wakeSeconds > MOST_SECONDS - 1) {
      wakeSeconds = MOST_SECONDS - 1;
    }
    remainder = remaining;
    return goOn();
  }

  private long goOn() {
    long wake = guest.scratch.take(TIMESPEC_BYTES);
    HostMemory.putLong(wake, wakeSeconds);
    HostMemory.putLong(wake + 8, wakeNanos);
    sleeping = false;
    while (true) {
      if (guest.signals.interrupted()) {
        return breakOff();
      }
      long result =
          guest.kernel.attempt(Syscall.CLOCK_NANOSLEEP, clock, TIMER_ABSTIME, wake, 0, 0, 0);
      if (!HostKernel.isInterruption(result)) {
        return result;
      }
    }
  }

  private long breakOff() {
    long now = guest.scratch.take(TIMESPEC_BYTES);
    guest.kernel.call(Syscall.CLOCK_GETTIME, clock, now);
    long seconds = wakeSeconds - HostMemory.getLong(now);
    long nanos = wakeNanos - HostMemory.getLong(now + 8);
    if (nanos < 0) {
      seconds--;
      nanos += NANOS_PER_SECOND;
    }
    if (seconds < 0 || seconds == 0 && nanos == 0) {
      return 0;
    }
    if (remainder != 0) {
      guest.memory.putLong(remainder, seconds);
      guest.memory.putLong(remainder + 8, nanos);
    }
    sleeping = true;
    return HostKernel.CONTINUED;
  }

  private long sleepUntil(int wanted, int flags, long request) {
    long wake = guest.memory.readable(request, TIMESPEC_BYTES);
    long result = guest.kernel.wait(Syscall.CLOCK_NANOSLEEP, wanted, flags, wake, 0, 0, 0);
    return HostKernel.isInterruption(result) ? HostKernel.ENDED_BY_HANDLER : result;
  }

  /** A timer for the guest's thread is one for the host's process: any of its threads takes it. */
  private long createTimer(Syscall call, int wanted, long event, long timer) {
    long copy = 0;
    if (event != 0) {
      copy = guest.scratch.take(SIGEVENT_BYTES);
      guest.memory.copyIn(event, copy, SIGEVENT_BYTES);
      if (HostMemory.getInt(copy + SIGEV_NOTIFY) == SIGEV_THREAD_ID) {
        if (HostMemory.getInt(copy + SIGEV_THREAD) != guest.pid) {
          return -Errno.EINVAL;
        }
        HostMemory.putInt(copy + SIGEV_NOTIFY, SIGEV_SIGNAL);
      }
    }
    listenFor(copy);
    long result = guest.kernel.call(call, wanted, copy, guest.memory.pass(timer, 4), 0);
    if (result == 0) {
      Family family = guest.process.family;
      family.timers().add(guest.memory.getInt(timer), family.self(), false);
    }
    return result;
  }

  /** The host process must not die of a signal that is for a process other than the first. */
  private void listenFor(long event) {
    int signal = event == 0 ? Signal.SIGALRM : HostMemory.getInt(event + SIGEV_SIGNO);
    if (!guest.process.family.isFirst() && signal > 0 && signal <= Signal.LAST) {
      guest.process.family.host().listen(signal);
    }
  }

  private boolean isOwnRealTimer(int which) {
    return which == ITIMER_REAL && !guest.process.family.isFirst();
  }

  private long setIntervalTimer(Syscall call, int which, long newValue, long oldValue) {
    if (isOwnRealTimer(which)) {
      return guest.process.realTimer.set(guest, newValue, oldValue);
    }
    return guest.kernel.call(
        call, which, guest.memory.pass(newValue, 0), guest.memory.pass(oldValue, 0), 0);
  }
}
