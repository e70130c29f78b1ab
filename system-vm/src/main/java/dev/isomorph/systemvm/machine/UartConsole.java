package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.Uart16550;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The console of built-in firmware, which shares the serial line with the guest by polling it.
 *
 * @param isOn whether the machine is
 */
record UartConsole(Uart16550 uart, BooleanSupplier isOn) {
  private static final long POLL_NANOSECONDS = 100_000;

  /** Waits while the line is busy, unless the machine is turned off meanwhile. */
  void print(byte[] text, int length) {
    int sent = uart.print(text, 0, length);
    while (sent < length && isOn.getAsBoolean()) {
      LockSupport.parkNanos(POLL_NANOSECONDS);
      sent += uart.print(text, sent, length - sent);
    }
  }

  /** A byte that was typed, or -1 if there is none. */
  int typed() {
    return uart.typed();
  }
}
