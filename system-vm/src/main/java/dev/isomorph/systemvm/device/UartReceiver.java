package dev.isomorph.systemvm.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The receiving half of a 16550A: what has come in, what went wrong with it, and the timeout that
 * tells of bytes below the trigger level. Guarded by the UART's lock.
 */
final class UartReceiver {
  private static final int OVERRUN = 2;
  private static final int BREAK = 0x10;

  private static final int FIFO_BYTES = 16;
  private static final int TIMEOUT_CHARACTERS = 4;
  private static final int[] TRIGGER_LEVELS = {1, 4, 8, 14};

  private final ByteFifo fifo = new ByteFifo(FIFO_BYTES);
  private final MachineClock clock;
  private final MachineClock.Timer timer;
  private boolean buffered;
  private int trigger = 1;
  private int errors;
  private boolean timedOut;

  /**
   * @param onTimeout called without the lock when the timer is due: see {@link #timeout}
   */
  UartReceiver(MachineClock clock, Runnable onTimeout) {
    this.clock = clock;
    this.timer = clock.timer(onTimeout);
  }

  /**
   * Uses all of the FIFO or, at power-on, one byte of it; forgets what is in it if that changes.
   */
  void buffer(boolean buffered, int triggerLevel) {
    if (this.buffered != buffered) {
      clear();
    }
    this.buffered = buffered;
    trigger = buffered ? TRIGGER_LEVELS[triggerLevel & 3] : 1;
  }

  void clear() {
    fifo.clear();
    errors &= ~BREAK;
    timedOut = false;
    timer.cancel();
  }

  void powerOn() {
    buffer(false, 0);
    clear();
    errors = 0;
  }

  int room() {
    return (buffered ? FIFO_BYTES : 1) - fifo.size();
  }

  boolean isEmpty() {
    return fifo.isEmpty();
  }

  /** A byte that cannot be held back: without FIFO it takes the place of the one before. */
  void put(int data, long characterTicks) {
    if (room() == 0) {
      errors |= OVERRUN;
      if (!buffered) {
        fifo.clear();
      }
    }
    if (room() > 0) {
      fifo.add(data);
    }
    restartTimer(characterTicks);
  }

  void putBreak(long characterTicks) {
    put(0, characterTicks);
    errors |= BREAK;
  }

  int take(long characterTicks) {
    timedOut = false;
    int data = fifo.remove();
    restartTimer(characterTicks);
    return data;
  }

  private void restartTimer(long characterTicks) {
    if (buffered && !fifo.isEmpty()) {
      timer.set(clock.ticks() + TIMEOUT_CHARACTERS * characterTicks);
    } else {
      timer.cancel();
    }
  }

  /** The timer was due. */
  void timeout() {
    timedOut = buffered && !fifo.isEmpty();
  }

  boolean hasTimedOut() {
    return timedOut;
  }

  boolean isAtTrigger() {
    return fifo.size() >= trigger;
  }

  /** Line status bits of what went wrong. */
  int errors() {
    return errors;
  }

  void clearErrors() {
    errors = 0;
  }

  void save(DataOutput out) throws IOException {
    out.writeByte(errors);
    out.writeBoolean(timedOut);
    fifo.save(out);
  }

  /** After {@link #buffer} as it was. */
  void restore(DataInput in, long characterTicks) throws IOException {
    errors = in.readUnsignedByte();
    timedOut = in.readBoolean();
    fifo.restore(in);
    restartTimer(characterTicks);
  }
}
