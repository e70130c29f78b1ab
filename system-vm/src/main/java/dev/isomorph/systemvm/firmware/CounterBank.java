package dev.isomorph.systemvm.firmware;

import dev.isomorph.systemvm.firmware.FirmwareEvents.Event;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The counters of one hart, as firmware numbers them: first the two the hart has, then those of
 * what firmware does. Only the hart itself calls.
 */
final class CounterBank {
  /** How many there are, fewer than 64. */
  static final int COUNTERS = 18;

  /** Numbers of the hart's own, as in {@code mcountinhibit}; each counts one thing only. */
  private static final int[] HARDWARE = {0, 2};

  /** What they count, by the SBI's numbers of general events: cycles, instructions. */
  private static final int[] HARDWARE_EVENTS = {1, 2};

  private static final int CYCLE_CSR = 0xc00;
  private static final int WIDTH_SHIFT = 12;
  private static final long WIDTH_64 = 63L << WIDTH_SHIFT;
  private static final long FIRMWARE = 1L << 63;
  private static final int NO_EVENT = 0xff;

  private final SbiPlatform platform;
  private final FirmwareEvents events;
  private final int hart;
  private final Event[] assigned = new Event[COUNTERS];
  private final boolean[] taken = new boolean[COUNTERS];
  private final boolean[] running = new boolean[COUNTERS];

  /** Of a firmware counter: its value, less how often its event had happened when it started. */
  private final long[] values = new long[COUNTERS];

  CounterBank(SbiPlatform platform, FirmwareEvents events, int hart) {
    this.platform = platform;
    this.events = events;
    this.hart = hart;
    for (int i = 0; i < HARDWARE.length; i++) {
      running[i] = true;
    }
  }

  static boolean isFirmware(long counter) {
    return counter >= HARDWARE.length && counter < COUNTERS;
  }

  /** What a counter is, as a call tells it. */
  static long information(int counter) {
    return isFirmware(counter) ? FIRMWARE : CYCLE_CSR + HARDWARE[counter] | WIDTH_64;
  }

  /**
   * Makes a counter count an event, if it can and is free.
   *
   * @param firmware whether the code is that of something firmware does
   */
  boolean assign(int counter, boolean firmware, long code) {
    if (taken[counter] || firmware != isFirmware(counter)) {
      return false;
    }
    Event event = firmware ? Event.of(code) : null;
    if (firmware ? event == null : HARDWARE_EVENTS[counter] != code) {
      return false;
    }
    assigned[counter] = event;
    taken[counter] = true;
    return true;
  }

  /** Takes a counter back. */
  void release(int counter) {
    taken[counter] = false;
    assigned[counter] = null;
    values[counter] = 0;
  }

  boolean isRunning(int counter) {
    return running[counter];
  }

  void start(int counter) {
    if (!running[counter]) {
      values[counter] -= happened(counter);
      change(counter, true);
    }
  }

  void stop(int counter) {
    if (running[counter]) {
      values[counter] += happened(counter);
      change(counter, false);
    }
  }

  private void change(int counter, boolean on) {
    running[counter] = on;
    if (!isFirmware(counter)) {
      platform.letCount(hart, HARDWARE[counter], on);
    }
  }

  void set(int counter, long value) {
    if (isFirmware(counter)) {
      values[counter] = running[counter] ? value - happened(counter) : value;
    } else {
      platform.setCounter(hart, HARDWARE[counter], value);
    }
  }

  long firmwareValue(int counter) {
    return running[counter] ? values[counter] + happened(counter) : values[counter];
  }

  void save(DataOutput out) throws IOException {
    for (int i = 0; i < COUNTERS; i++) {
      out.writeByte(assigned[i] == null ? NO_EVENT : assigned[i].ordinal());
      out.writeBoolean(taken[i]);
      out.writeBoolean(running[i]);
      out.writeLong(values[i]);
    }
  }

  /** After the events and the hart's registers, which go with it. */
  void restore(DataInput in) throws IOException {
    for (int i = 0; i < COUNTERS; i++) {
      int event = in.readUnsignedByte();
      assigned[i] = event == NO_EVENT ? null : Event.values()[event];
      taken[i] = in.readBoolean();
      running[i] = in.readBoolean();
      values[i] = in.readLong();
    }
  }

  private long happened(int counter) {
    return assigned[counter] == null ? 0 : events.counted(hart, assigned[counter]);
  }
}
