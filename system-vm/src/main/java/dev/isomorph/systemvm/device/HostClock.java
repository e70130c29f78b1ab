package dev.isomorph.systemvm.device;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The machine's time by the host's monotonic clock. It stands still until {@link #resume}, and
 * between {@link #pause} and the next; one thread serves all timers.
 */
public final class HostClock implements StoppableClock {
  /** How long the thread sleeps at most, so that far ticks need no care with overflow. */
  private static final long LONGEST_SLEEP_TICKS = 3600 * FREQUENCY;

  private static final long NEVER = -1;

  /** Times from here on are too large in nanoseconds, soon. */
  private static final long LARGEST_WITH_OFFSET = Long.MAX_VALUE / NANOSECONDS_PER_TICK / 2;

  /** From {@code nanoTime} on, when it was {@code ticks}. */
  private record Epoch(long nanoTime, long ticks, boolean running) {}

  /** As {@link System#nanoTime}, but for tests. */
  private final LongSupplier host;

  private final Object lock = new Object();
  private final List<HostTimer> timers = new ArrayList<>();
  private final List<Runnable> jumps = new ArrayList<>();
  private volatile Epoch epoch = new Epoch(0, 0, false);
  private Thread thread;
  private boolean acting;
  private boolean closed;

  /** The tick the thread sleeps to; an earlier one must wake it. */
  private long wakeTick = NEVER;

  /** A clock that shows zero and stands still. */
  public HostClock() {
    this(System::nanoTime);
  }

  HostClock(LongSupplier host) {
    this.host = host;
  }

  @Override
  public long ticks() {
    Epoch now = epoch;
    return now.running
        ? now.ticks + (host.getAsLong() - now.nanoTime) / NANOSECONDS_PER_TICK
        : now.ticks;
  }

  @Override
  public long hostOffset() {
    Epoch now = epoch;
    boolean fits = now.ticks >= 0 && now.ticks < LARGEST_WITH_OFFSET;
    return now.running && fits ? now.ticks * NANOSECONDS_PER_TICK - now.nanoTime : NO_OFFSET;
  }

  @Override
  public void onJump(Runnable told) {
    synchronized (lock) {
      jumps.add(told);
    }
  }

  @Override
  public void setTicks(long ticks) {
    synchronized (lock) {
      startFrom(ticks, epoch.running);
    }
  }

  @Override
  public void resume() {
    synchronized (lock) {
      startFrom(ticks(), true);
      if (thread == null && !closed) {
        thread = new Thread(this::serveTimers, "clock");
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  @Override
  public void pause() {
    boolean interrupted = false;
    synchronized (lock) {
      startFrom(ticks(), false);
      while (acting && Thread.currentThread() != thread) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    pause();
    synchronized (lock) {
      closed = true;
      wake();
    }
  }

  private void startFrom(long ticks, boolean running) {
    epoch = new Epoch(host.getAsLong(), ticks, running);
    for (Runnable told : jumps) {
      told.run();
    }
    wake();
  }

  private void wake() {
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public long wallNanoseconds() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  @Override
  public Timer timer(Runnable action) {
    HostTimer timer = new HostTimer(action);
    synchronized (lock) {
      timers.add(timer);
    }
    return timer;
  }

  private void serveTimers() {
    while (true) {
      HostTimer due;
      long sleep = 0;
      synchronized (lock) {
        acting = false;
        lock.notifyAll();
        if (closed) {
          return;
        }
        due = earliest();
        long left = due == null ? NEVER : ticksUntil(due.tick);
        if (left != 0 || !epoch.running) {
          wakeTick = due == null ? NEVER : due.tick;
          sleep = epoch.running ? nanoseconds(left) : nanoseconds(NEVER);
          due = null;
        } else {
          due.isSet = false;
          acting = true;
        }
      }
      if (due != null) {
        due.action.run();
      } else {
        LockSupport.parkNanos(this, sleep);
      }
    }
  }

  private HostTimer earliest() {
    HostTimer earliest = null;
    for (HostTimer timer : timers) {
      if (timer.isSet
          && (earliest == null || Long.compareUnsigned(timer.tick, earliest.tick) < 0)) {
        earliest = timer;
      }
    }
    return earliest;
  }

  private long ticksUntil(long tick) {
    long now = ticks();
    return Long.compareUnsigned(tick, now) <= 0 ? 0 : tick - now;
  }

  private static long nanoseconds(long ticks) {
    return Long.compareUnsigned(ticks, LONGEST_SLEEP_TICKS) < 0
        ? ticks * NANOSECONDS_PER_TICK
        : LONGEST_SLEEP_TICKS * NANOSECONDS_PER_TICK;
  }

  private final class HostTimer implements Timer {
    private final Runnable action;
    private boolean isSet;
    private long tick;

    HostTimer(Runnable action) {
      this.action = action;
    }

    @Override
    public void set(long tick) {
      synchronized (lock) {
        this.tick = tick;
        isSet = true;
        if (Long.compareUnsigned(tick, wakeTick) < 0) {
          wake();
        }
      }
    }

    @Override
    public void cancel() {
      synchronized (lock) {
        isSet = false;
      }
    }
  }
}
