package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.MachineControl;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.memory.StoreWatch;

/**
 * How test programs that know of no devices end and print: by storing to the doubleword {@code
 * tohost} (Berkeley's host-target interface, HTIF). Bits 63 to 56 are a device and 55 to 48 a
 * command; what is odd for device 0 ends the program.
 */
final class HostTargetInterface implements StoreWatch.Listener {
  private static final int DEVICE_SHIFT = 56;
  private static final int COMMAND_SHIFT = 48;
  private static final long PAYLOAD = (1L << COMMAND_SHIFT) - 1;
  private static final int CONSOLE = 1;
  private static final int CONSOLE_PRINT = 1;
  private static final int SYSTEM_CALL_WRITE = 64;
  private static final int MOST_PRINTED = 4096;

  private final Ram ram;
  private final long toHost;
  private final long fromHost;
  private final MachineControl control;
  private final CharBackend console;

  /**
   * @param toHost address of the doubleword that the program writes
   * @param fromHost address of the one that answers it; 0 if there is none
   */
  HostTargetInterface(
      Ram ram, long toHost, long fromHost, MachineControl control, CharBackend console) {
    this.ram = ram;
    this.toHost = toHost;
    this.fromHost = fromHost;
    this.control = control;
    this.console = console;
  }

  @Override
  public void stored(long wanted) {
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
