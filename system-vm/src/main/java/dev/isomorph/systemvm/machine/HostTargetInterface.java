package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.MachineControl;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.memory.Ram;

/**
 * How test programs for a bare machine tell the host that they have ended, and print: by a word in
 * memory, which is looked at again and again (Berkeley's host-target interface, HTIF).
 */
final class HostTargetInterface implements Runnable {
  private static final int DEVICE_SHIFT = 56;
  private static final int COMMAND_SHIFT = 48;
  private static final long PAYLOAD = (1L << COMMAND_SHIFT) - 1;
  private static final int CONSOLE = 1;
  private static final int CONSOLE_PRINT = 1;
  private static final int SYSTEM_CALL_WRITE = 64;
  private static final int MOST_PRINTED = 4096;
  private static final long PERIOD_MILLISECONDS = 1;

  private final Ram ram;
  private final long toHost;
  private final long fromHost;
  private final MachineControl control;
  private final CharBackend console;
  private volatile boolean closed;

  /**
   * @param toHost address of the word that the program writes
   * @param fromHost address of the word that answers it; 0 if there is none
   */
  HostTargetInterface(
      Ram ram, long toHost, long fromHost, MachineControl control, CharBackend console) {
    this.ram = ram;
    this.toHost = toHost;
    this.fromHost = fromHost;
    this.control = control;
    this.console = console;
  }

  /** Looks until {@link #close}. */
  @Override
  public void run() {
    while (!closed) {
      poll();
      try {
        Thread.sleep(PERIOD_MILLISECONDS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  void close() {
    closed = true;
  }

  /** Does what the program wants, if it wants something. */
  void poll() {
    if (!ram.contains(toHost, Long.BYTES)) {
      return;
    }
    long wanted = ram.getLong(toHost);
    if (wanted == 0) {
      return;
    }
    long device = wanted >>> DEVICE_SHIFT;
    long command = wanted >>> COMMAND_SHIFT & 0xff;
    long payload = wanted & PAYLOAD;
    if (device == 0 && command == 0 && (payload & 1) != 0) {
      control.powerOff((int) Math.min(payload >>> 1, Integer.MAX_VALUE));
    } else if (device == 0 && command == 0) {
      systemCall(payload);
    } else if (device == CONSOLE && command == CONSOLE_PRINT) {
      console.write(new byte[] {(byte) payload}, 0, 1);
    }
    ram.putLong(toHost, 0);
    answer();
  }

  private void answer() {
    if (fromHost != 0 && ram.contains(fromHost, Long.BYTES)) {
      ram.putLong(fromHost, 1);
    }
  }

  /** Number and arguments are in memory, where the result goes; only output is served. */
  private void systemCall(long at) {
    if (!ram.contains(at, 4 * Long.BYTES)) {
      return;
    }
    long result = -1;
    long text = ram.getLong(at + 2 * Long.BYTES);
    long length = ram.getLong(at + 3 * Long.BYTES);
    if (ram.getLong(at) == SYSTEM_CALL_WRITE
        && length <= MOST_PRINTED
        && ram.contains(text, length)) {
      byte[] bytes = new byte[(int) length];
      ram.read(text, bytes, 0, bytes.length);
      result = console.write(bytes, 0, bytes.length);
    }
    ram.putLong(at, result);
  }
}
