package dev.isomorph.systemvm.device;

import java.util.ArrayList;
import java.util.List;

/** Time that goes on when a test says so; timers' actions run on the test's thread. */
public final class ManualClock implements MachineClock {
  private final List<ManualTimer> timers = new ArrayList<>();
  private long ticks;
  private long wallNanoseconds;

  @Override
  public long ticks() {
    return ticks;
  }

  @Override
  public void setTicks(long ticks) {
    this.ticks = ticks;
    serveTimers();
  }

  @Override
  public long wallNanoseconds() {
    return wallNanoseconds;
  }

  public void setWallNanoseconds(long nanoseconds) {
    wallNanoseconds = nanoseconds;
  }

  /** Lets time pass and does what is due by then. */
  public void advance(long ticks) {
    this.ticks += ticks;
    wallNanoseconds += ticks * NANOSECONDS_PER_TICK;
    serveTimers();
  }

  /** How many timers are set. */
  public int timersSet() {
    return (int) timers.stream().filter(timer -> timer.isSet).count();
  }

  @Override
  public Timer timer(Runnable action) {
    ManualTimer timer = new ManualTimer(action);
    timers.add(timer);
    return timer;
  }

  private void serveTimers() {
    for (ManualTimer timer : timers) {
      if (timer.isSet && Long.compareUnsigned(timer.tick, ticks) <= 0) {
        timer.isSet = false;
        timer.action.run();
      }
    }
  }

  private static final class ManualTimer implements Timer {
    private final Runnable action;
    private boolean isSet;
    private long tick;

    ManualTimer(Runnable action) {
      this.action = action;
    }

    @Override
    public void set(long tick) {
      this.tick = tick;
      isSet = true;
    }

    @Override
    public void cancel() {
      isSet = false;
    }
  }
}
