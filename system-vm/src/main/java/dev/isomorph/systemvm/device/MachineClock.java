package dev.isomorph.systemvm.device;

/**
 * The machine's time: {@code mtime}, in ticks of {@link #FREQUENCY}. Devices know no other, so that
 * a machine whose clock counts instructions is the same at each run.
 */
public interface MachineClock {
  /** Ticks a second, as of qemu's virt board. */
  long FREQUENCY = 10_000_000;

  /** Nanoseconds a tick takes. */
  long NANOSECONDS_PER_TICK = 1_000_000_000 / FREQUENCY;

  /** Now; never goes back but by a snapshot or a write to mtime. */
  long ticks();

  /** Makes it {@code ticks} now, as a write to mtime does; timers stay set to their ticks. */
  void setTicks(long ticks);

  /** No {@link #hostOffset}. */
  long NO_OFFSET = Long.MIN_VALUE;

  /**
   * What added to {@link System#nanoTime} gives this time in nanoseconds, ticks rounded down.
   *
   * @return {@link #NO_OFFSET} if this is another time than the host's
   */
  default long hostOffset() {
    return NO_OFFSET;
  }

  /** Has somebody told, by any thread, whenever {@link #hostOffset} has changed. */
  default void onJump(Runnable told) {}

  /** Nanoseconds since 1970, for real-time clocks. */
  long wallNanoseconds();

  /**
   * Makes a timer, which is off.
   *
   * @param action what it does when it is due, on a thread of the clock's, which keeps no lock: it
   *     is short, and looks whether it is due indeed, since it may cross a {@link Timer#set} or
   *     {@link Timer#cancel}
   */
  Timer timer(Runnable action);

  /** Something to be done at some time. */
  interface Timer {
    /** Due at or soon after {@code tick} (unsigned), in place of what was set before. */
    void set(long tick);

    /** Not due any more. */
    void cancel();
  }
}
