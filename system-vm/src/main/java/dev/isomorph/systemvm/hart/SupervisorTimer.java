package dev.isomorph.systemvm.hart;

import dev.isomorph.systemvm.device.InterruptLine;
import dev.isomorph.systemvm.device.MachineClock;

/**
 * The supervisor's timer, {@code stimecmp} (extension Sstc): its wire is up when it is as late as
 * that, or later.
 */
public final class SupervisorTimer {
  private static final long NEVER = -1;

  private final MachineClock clock;
  private final InterruptLine line;
  private final MachineClock.Timer timer;
  private long tick = NEVER;

  SupervisorTimer(MachineClock clock, InterruptLine line) {
    this.clock = clock;
    this.line = line;
    this.timer = clock.timer(this::update);
  }

  /** When it is due. */
  public synchronized long tick() {
    return tick;
  }

  /** Makes it due at {@code tick} (unsigned). */
  public synchronized void set(long tick) {
    this.tick = tick;
    update();
  }

  /** Looks at the clock: time may have been set. */
  public synchronized void update() {
    boolean due = Long.compareUnsigned(tick, clock.ticks()) <= 0;
    if (due) {
      timer.cancel();
    } else {
      timer.set(tick);
    }
    line.set(due);
  }

  void reset() {
    set(NEVER);
  }
}
