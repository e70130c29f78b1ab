package dev.isomorph.systemvm.firmware;

import java.util.List;

/** The console of those who have no driver yet (RISC-V SBI specification, chapter 12). */
final class DebugConsoleExtension {
  /** A call moves no more, which it may: so that no guest makes the host set aside much. */
  private static final int MOST = 4096;

  private final SbiPlatform platform;

  DebugConsoleExtension(SbiPlatform platform) {
    this.platform = platform;
  }

  SbiExtension table() {
    return new SbiExtension(
        SbiExtension.id("DBCN"),
        "debug console",
        List.of(
            new SbiFunction(0, "sbi_debug_console_write", this::write),
            new SbiFunction(1, "sbi_debug_console_read", this::read),
            new SbiFunction(2, "sbi_debug_console_write_byte", this::writeByte)));
  }

  private SbiResult write(int hart, long[] a) {
    if (!isMemory(a)) {
      return SbiError.INVALID_PARAM.result();
    }
    int length = (int) Math.min(a[0], MOST);
    byte[] text = new byte[length];
    platform.read(a[1], text, length);
    platform.print(text, length);
    return SbiResult.of(length);
  }

  private SbiResult read(int hart, long[] a) {
    if (!isMemory(a)) {
      return SbiError.INVALID_PARAM.result();
    }
    byte[] text = new byte[(int) Math.min(a[0], MOST)];
    int length = 0;
    while (length < text.length) {
      int typed = platform.typed();
      if (typed < 0) {
        break;
      }
      text[length++] = (byte) typed;
    }
    platform.write(a[1], text, length);
    return SbiResult.of(length);
  }

  private SbiResult writeByte(int hart, long[] a) {
    platform.print(new byte[] {(byte) a[0]}, 1);
    return SbiResult.SUCCESS;
  }

  private boolean isMemory(long[] a) {
    return a[2] == 0 && platform.isRam(a[1], a[0]);
  }
}
