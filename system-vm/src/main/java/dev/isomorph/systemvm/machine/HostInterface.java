package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.MachineControl;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.memory.StoreWatch;

/**
 * How test programs that know of no devices talk to the host (HTIF): by storing to {@code tohost}.
 * Bits 63 to 56 are a device and 55 to 48 a command; what is odd for device 0 ends the program.
 */
record HostInterface(MachineControl power, CharBackend console) implements StoreWatch.Listener {
  private static final int DEVICE_SHIFT = 56;
  private static final int COMMAND_SHIFT = 48;
  private static final int CONSOLE = 1;
  private static final int WRITE = 1;

  @Override
  public void stored(long value) {
    int device = (int) (value >>> DEVICE_SHIFT);
    int command = (int) (value >>> COMMAND_SHIFT) & 0xff;
    if (device == 0 && (value & 1) != 0) {
      power.powerOff((int) (value >>> 1));
    } else if (device == CONSOLE && command == WRITE) {
      console.write(new byte[] {(byte) value}, 0, 1);
    }
  }
}
