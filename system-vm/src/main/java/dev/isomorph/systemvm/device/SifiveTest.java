package dev.isomorph.systemvm.device;

/** The test finisher of SiFive: one register by which software ends or restarts the machine. */
public final class SifiveTest implements StatelessDevice {
  /** Bytes of registers. */
  public static final long SIZE = 0x1000;

  /** Ends the machine with the exit code in the upper half. */
  public static final int FAIL = 0x3333;

  /** Ends the machine content. */
  public static final int PASS = 0x5555;

  /** Restarts the machine. */
  public static final int RESET = 0x7777;

  private final MachineControl control;

  public SifiveTest(MachineControl control) {
    this.control = control;
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public long read(long offset, int bytes) {
    check(bytes);
    return 0;
  }

  @Override
  public void write(long offset, int bytes, long value) {
    check(bytes);
    if (offset == 0) {
      switch ((int) value & 0xffff) {
        case FAIL -> control.powerOff((int) (value >> 16));
        case PASS -> control.powerOff(0);
        case RESET -> control.reset();
        default -> {}
      }
    }
  }

  private static void check(int bytes) {
    if (bytes != 2 && bytes != 4) {
      throw BusFault.INSTANCE;
    }
  }
}
