package dev.isomorph.systemvm.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The real-time clock of the goldfish virtual platform: nanoseconds since 1970 and one alarm
 * (GOLDFISH-VIRTUAL-HARDWARE, section VII, and Linux' rtc-goldfish driver). Registers are words;
 * reading the time's low one keeps the high one for the next read.
 */
public final class GoldfishRtc implements Device {
  /** Bytes of registers. */
  public static final long SIZE = 0x24;

  private static final int TIME_LOW = 0;
  private static final int TIME_HIGH = 4;
  private static final int ALARM_LOW = 8;
  private static final int ALARM_HIGH = 0xc;
  private static final int INTERRUPT_ENABLED = 0x10;
  private static final int CLEAR_ALARM = 0x14;
  private static final int ALARM_STATUS = 0x18;
  private static final int CLEAR_INTERRUPT = 0x1c;

  private final MachineClock clock;
  private final InterruptLine line;
  private final MachineClock.Timer timer;

  /** What the guest's time is ahead of the wall's, in nanoseconds. */
  private long ahead;

  private long alarm;
  private boolean alarmSet;
  private boolean pending;
  private boolean enabled;
  private int timeHigh;

  /**
   * @param ahead what it shows at first beyond the wall's time, in nanoseconds
   */
  public GoldfishRtc(MachineClock clock, InterruptLine line, long ahead) {
    this.clock = clock;
    this.ahead = ahead;
    this.line = line;
    this.timer = clock.timer(this::updateAlarm);
  }

  @Override
  public String name() {
    return "rtc";
  }

  @Override
  public synchronized long read(long offset, int bytes) {
    check(bytes);
    return Integer.toUnsignedLong(
        switch ((int) offset) {
          case TIME_LOW -> {
            long now = now();
            timeHigh = (int) (now >> 32);
            yield (int) now;
          }
          case TIME_HIGH -> timeHigh;
          case ALARM_LOW -> (int) alarm;
          case ALARM_HIGH -> (int) (alarm >> 32);
          case INTERRUPT_ENABLED -> enabled ? 1 : 0;
          case ALARM_STATUS -> alarmSet ? 1 : 0;
          default -> 0;
        });
  }

  @Override
  public synchronized void write(long offset, int bytes, long value) {
    check(bytes);
    switch ((int) offset) {
      case TIME_LOW -> setTime(withLow(now(), value));
      case TIME_HIGH -> setTime(withHigh(now(), value));
      case ALARM_LOW -> {
        alarm = withLow(alarm, value);
        alarmSet = true;
        updateAlarm();
      }
      case ALARM_HIGH -> alarm = withHigh(alarm, value);
      case INTERRUPT_ENABLED -> enabled = (value & 1) != 0;
      case CLEAR_ALARM -> {
        alarmSet = false;
        updateAlarm();
      }
      case CLEAR_INTERRUPT -> pending = false;
      default -> {}
    }
    updateLine();
  }

  private static void check(int bytes) {
    if (bytes != 4) {
      throw BusFault.INSTANCE;
    }
  }

  private static long withLow(long old, long low) {
    return old & ~0xffff_ffffL | low & 0xffff_ffffL;
  }

  private static long withHigh(long old, long high) {
    return old & 0xffff_ffffL | high << 32;
  }

  private long now() {
    return clock.wallNanoseconds() + ahead;
  }

  private void setTime(long nanoseconds) {
    ahead += nanoseconds - now();
    updateAlarm();
  }

  /** The clock's ticks and the wall's time may drift apart: a timer due too early is set again. */
  private synchronized void updateAlarm() {
    if (!alarmSet) {
      timer.cancel();
      return;
    }
    long now = now();
    if (alarm <= now) {
      alarmSet = false;
      pending = true;
      timer.cancel();
      updateLine();
    } else {
      long ticks = Long.divideUnsigned(alarm - now, MachineClock.NANOSECONDS_PER_TICK) + 1;
      long due = clock.ticks() + ticks;
      timer.set(Long.compareUnsigned(due, ticks) < 0 ? -1 : due);
    }
  }

  private void updateLine() {
    line.set(pending && enabled);
  }

  @Override
  public synchronized void reset() {
    alarm = 0;
    alarmSet = false;
    pending = false;
    enabled = false;
    timer.cancel();
    updateLine();
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public synchronized void save(DataOutput out) throws IOException {
    out.writeLong(ahead);
    out.writeLong(alarm);
    out.writeBoolean(alarmSet);
    out.writeBoolean(pending);
    out.writeBoolean(enabled);
    out.writeInt(timeHigh);
  }

  @Override
  public synchronized void restore(DataInput in, int version) throws IOException {
    ahead = in.readLong();
    alarm = in.readLong();
    alarmSet = in.readBoolean();
    pending = in.readBoolean();
    enabled = in.readBoolean();
    timeHigh = in.readInt();
    updateAlarm();
    updateLine();
  }
}
