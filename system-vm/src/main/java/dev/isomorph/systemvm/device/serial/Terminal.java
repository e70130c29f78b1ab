package dev.isomorph.systemvm.device.serial;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;

/**
 * A terminal of the host's in raw mode (termios(3)): keys come as they are typed, unseen. It goes
 * back to what it was when closed, or when the process ends by itself or by a signal.
 */
final class Terminal implements AutoCloseable {
  private static final int IOCTL = 16;
  private static final int TCGETS = 0x5401;
  private static final int TCSETS = 0x5402;

  /** {@code struct termios} of the kernel: four words of flags, the line, 19 characters. */
  static final int TERMIOS_BYTES = 36;

  private static final int INPUT = 0;
  private static final int OUTPUT = 4;
  private static final int CONTROL = 8;
  private static final int LOCAL = 12;
  private static final int CHARACTERS = 17;
  private static final int VTIME = 5;
  private static final int VMIN = 6;

  /** IGNBRK, BRKINT, PARMRK, ISTRIP, INLCR, IGNCR, ICRNL, IXON. */
  private static final int INPUT_COOKING = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;

  private static final int OPOST = 0x1;
  private static final int CS8 = 0x30;
  private static final int PARENB = 0x100;

  /** ICANON, ECHO, ECHONL, IEXTEN. */
  private static final int LOCAL_COOKING = 0x2 | 0x8 | 0x40 | 0x8000;

  private static final int ISIG = 0x1;

  private final int descriptor;
  private final long original;
  private final Thread hook = new Thread(this::restore, "restore terminal");

  private Terminal(int descriptor, long original) {
    this.descriptor = descriptor;
    this.original = original;
  }

  /**
   * Makes a terminal raw.
   *
   * @param signals whether Ctrl-C and its like still send signals
   * @return null if it is no terminal
   */
  static Terminal raw(int descriptor, boolean signals) {
    // The settings are never freed: the hook may need them at any time until the end.
    long original = HostMemory.allocate(2L * TERMIOS_BYTES);
    if (ioctl(descriptor, TCGETS, original) < 0) {
      HostMemory.free(original, 2L * TERMIOS_BYTES);
      return null;
    }
    Terminal terminal = new Terminal(descriptor, original);
    Runtime.getRuntime().addShutdownHook(terminal.hook);
    long raw = original + TERMIOS_BYTES;
    HostMemory.copy(original, raw, TERMIOS_BYTES);
    change(raw + INPUT, INPUT_COOKING, 0);
    change(raw + OUTPUT, 0, OPOST);
    change(raw + CONTROL, PARENB, CS8);
    change(raw + LOCAL, LOCAL_COOKING | (signals ? 0 : ISIG), 0);
    HostMemory.putByte(raw + CHARACTERS + VMIN, (byte) 1);
    HostMemory.putByte(raw + CHARACTERS + VTIME, (byte) 0);
    ioctl(descriptor, TCSETS, raw);
    return terminal;
  }

  private static void change(long address, int clear, int set) {
    HostMemory.putInt(address, HostMemory.getInt(address) & ~clear | set);
  }

  private static long ioctl(int descriptor, int request, long argument) {
    return HostCalls.syscall(IOCTL, descriptor, request, argument, 0, 0, 0);
  }

  private void restore() {
    ioctl(descriptor, TCSETS, original);
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process is ending, and the hook with it
    }
  }
}
