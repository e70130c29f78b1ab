package dev.isomorph.systemvm.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The machine's time by what its harts have done: each step takes as long as any other, and while
 * all harts wait, time jumps to the next timer. For the one thread that runs all harts, which also
 * runs the timers' actions.
 */
public final class InstructionClock implements StoppableClock, Snapshotable {
  /** Steps a tick takes: a billion of them are a second. */
  public static final long STEPS_PER_TICK = NANOSECONDS_PER_TICK;

  /** Nobody waits that long: centuries. */
  private static final long FAR_TICKS = 1L << 56;

  private final LongSupplier steps;
  private final Runnable onEarlier;
  private final long wallAtStart;
  private final List<StepTimer> timers = new ArrayList<>();

  /** It was so many ticks at so many steps, less those that were waited for. */
  private long epochTicks;

  private long epochSteps;
  private long waited;

  /**
   * A clock that shows zero.
   *
   * @param steps all that harts have executed or trapped at
   * @param wallAtStart nanoseconds since 1970 at step 0
   * @param onEarlier hears that {@link #next} may have become earlier
   */
  public InstructionClock(LongSupplier steps, long wallAtStart, Runnable onEarlier) {
    this.steps = steps;
    this.wallAtStart = wallAtStart;
    this.onEarlier = onEarlier;
  }

  @Override
  public long ticks() {
    return epochTicks + (steps.getAsLong() - epochSteps) / STEPS_PER_TICK;
  }

  @Override
  public void setTicks(long ticks) {
    epochTicks = ticks;
    epochSteps = steps.getAsLong();
    onEarlier.run();
  }

  @Override
  public long wallNanoseconds() {
    return wallAtStart + elapsed();
  }

  /** Steps since the start, those of waiting included; whatever mtime was set to. */
  public long elapsed() {
    return steps.getAsLong() + waited;
  }

  @Override
  public Timer timer(Runnable action) {
    StepTimer timer = new StepTimer(action);
    timers.add(timer);
    return timer;
  }

  /** Nothing: time stands while no hart runs. */
  @Override
  public void resume() {}

  @Override
  public void pause() {}

  @Override
  public void close() {}

  @Override
  public String name() {
    return "clock";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeLong(elapsed());
    out.writeLong(epochTicks);
    out.writeLong(steps.getAsLong() - epochSteps);
  }

  /** After the devices, whose timers stay as they are set. */
  @Override
  public void restore(DataInput in, int version) throws IOException {
    waited = in.readLong() - steps.getAsLong();
    epochTicks = in.readLong();
    epochSteps = steps.getAsLong() - in.readLong();
  }

  private StepTimer earliest() {
    StepTimer earliest = null;
    for (StepTimer timer : timers) {
      if (timer.isSet
          && (earliest == null || Long.compareUnsigned(timer.tick, earliest.tick) < 0)) {
        earliest = timer;
      }
    }
    return earliest;
  }

  /** Steps from now to when a timer is due, 0 if one is, {@code Long.MAX_VALUE} if none ever. */
  public long next() {
    StepTimer timer = earliest();
    if (timer == null) {
      return Long.MAX_VALUE;
    }
    long ticks = ticks();
    if (Long.compareUnsigned(timer.tick, ticks) <= 0) {
      return 0;
    }
    long left = timer.tick - ticks;
    return Long.compareUnsigned(left, FAR_TICKS) >= 0
        ? Long.MAX_VALUE
        : left * STEPS_PER_TICK - (steps.getAsLong() - epochSteps) % STEPS_PER_TICK;
  }

  /** Runs the actions of all timers that are due. */
  public void runDue() {
    for (StepTimer timer = earliest(); timer != null && timer.isDue(); timer = earliest()) {
      timer.isSet = false;
      timer.action.run();
    }
  }

  /**
   * Lets the time pass until a timer is due.
   *
   * @param most steps; if the timer is due later, only these pass
   * @return false if there is no timer
   */
  public boolean skip(long most) {
    long left = next();
    if (left == Long.MAX_VALUE) {
      return false;
    }
    long skipped = Math.min(left, most);
    epochSteps -= skipped;
    waited += skipped;
    return true;
  }

  private final class StepTimer implements Timer {
    private final Runnable action;
    private boolean isSet;
    private long tick;

    StepTimer(Runnable action) {
      this.action = action;
    }

    boolean isDue() {
      return Long.compareUnsigned(tick, ticks()) <= 0;
    }

    @Override
    public void set(long newTick) {
      tick = newTick;
      isSet = true;
      onEarlier.run();
    }

    @Override
    public void cancel() {
      isSet = false;
    }
  }
}
