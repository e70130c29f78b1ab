package dev.isomorph.systemvm.device.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TerminalTest {
  private static final int IOCTL = 16;
  private static final int TCGETS = 0x5401;
  private static final int O_RDWR = 2;
  private static final int O_NOCTTY = 0x100;

  private final long memory = HostMemory.allocate(4096);
  private final int descriptor = open("/dev/ptmx");

  private int open(String path) {
    HostMemory.putString(memory, path);
    return (int)
        HostCalls.check(
            HostCalls.syscall(
                HostLinux.OPEN, memory, O_RDWR | O_NOCTTY | HostLinux.O_CLOEXEC, 0, 0, 0, 0),
            "opening " + path);
  }

  @AfterEach
  void close() {
    HostCalls.syscall(HostLinux.CLOSE, descriptor, 0, 0, 0, 0, 0);
    HostMemory.free(memory, 4096);
  }

  private byte[] settings() {
    HostCalls.check(
        HostCalls.syscall(IOCTL, descriptor, TCGETS, memory, 0, 0, 0), "reading settings");
    byte[] settings = new byte[Terminal.TERMIOS_BYTES];
    HostMemory.copyOut(memory, settings, 0, settings.length);
    return settings;
  }

  private int localFlags() {
    settings();
    return HostMemory.getInt(memory + 12);
  }

  @Test
  void isRawUntilClosed() {
    byte[] before = settings();
    Terminal terminal = Terminal.raw(descriptor, false);
    assertNotNull(terminal);
    assertEquals(0, localFlags() & (1 | 2 | 8), "no signals, lines or echo");
    assertEquals(0, HostMemory.getInt(memory) & 0x500, "carriage returns and Ctrl-S as they are");
    assertEquals(1, HostMemory.getInt(memory + 4) & 1, "line feeds still begin lines");
    terminal.close();
    assertArrayEquals(before, settings());
    terminal.close();
  }

  @Test
  void signalsMayStay() {
    try (Terminal terminal = Terminal.raw(descriptor, true)) {
      assertNotNull(terminal);
      assertNotEquals(0, localFlags() & 1);
    }
  }

  @Test
  void whatIsNoTerminalIsLeftAlone() {
    int file = open("/dev/null");
    assertNull(Terminal.raw(file, false));
    HostCalls.syscall(HostLinux.CLOSE, file, 0, 0, 0, 0, 0);
  }
}
