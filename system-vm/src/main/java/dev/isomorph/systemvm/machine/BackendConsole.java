package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.serial.CharBackend;

/** Firmware's output goes where that of the serial line goes; input is the serial line's alone. */
record BackendConsole(CharBackend backend) implements ConsolePort {
  @Override
  public void print(byte[] text, int length) {
    backend.write(text, 0, length);
  }

  @Override
  public int typed() {
    return -1;
  }
}
