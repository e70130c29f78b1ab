package dev.isomorph.systemvm.firmware;

import java.util.List;

/** Ending and restarting the machine (RISC-V SBI specification, chapter 10). */
final class SystemResetExtension {
  private static final int NO_REASON = 0;
  private static final int FAILURE = 1;

  private final SbiPlatform platform;

  SystemResetExtension(SbiPlatform platform) {
    this.platform = platform;
  }

  SbiExtension table() {
    return new SbiExtension(
        SbiExtension.id("SRST"),
        "system reset",
        List.of(new SbiFunction(0, "sbi_system_reset", this::reset)));
  }

  private SbiResult reset(int hart, long[] a) {
    Reset.Type[] types = Reset.Type.values();
    int type = (int) a[0];
    int reason = (int) a[1];
    if (type < 0 || type >= types.length || reason != NO_REASON && reason != FAILURE) {
      return SbiError.INVALID_PARAM.result();
    }
    platform.reset(new Reset(types[type], reason == FAILURE));
    return SbiResult.SUCCESS;
  }
}
