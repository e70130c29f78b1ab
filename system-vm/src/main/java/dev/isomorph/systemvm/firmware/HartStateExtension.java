package dev.isomorph.systemvm.firmware;

import java.util.List;

/** Starting, stopping and suspending harts (RISC-V SBI specification, chapter 9). */
final class HartStateExtension {
  private static final int RETENTIVE = 0;
  private static final int NON_RETENTIVE = 0x8000_0000;
  private static final int SHORTEST_INSTRUCTION = 2;

  private final SbiPlatform platform;

  HartStateExtension(SbiPlatform platform) {
    this.platform = platform;
  }

  SbiExtension table() {
    return new SbiExtension(
        SbiExtension.id("HSM"),
        "hart state management",
        List.of(
            new SbiFunction(0, "sbi_hart_start", this::start),
            new SbiFunction(1, "sbi_hart_stop", this::stop),
            new SbiFunction(2, "sbi_hart_get_status", this::status),
            new SbiFunction(3, "sbi_hart_suspend", this::suspend)));
  }

  private SbiResult start(int hart, long[] a) {
    if (!exists(a[0])) {
      return SbiError.INVALID_PARAM.result();
    }
    if (!isCode(a[1])) {
      return SbiError.INVALID_ADDRESS.result();
    }
    return platform.start((int) a[0], a[1], a[2])
        ? SbiResult.SUCCESS
        : SbiError.ALREADY_AVAILABLE.result();
  }

  private SbiResult stop(int hart, long[] a) {
    platform.stop(hart);
    return SbiResult.SUCCESS;
  }

  private SbiResult status(int hart, long[] a) {
    return exists(a[0])
        ? SbiResult.of(platform.state((int) a[0]).ordinal())
        : SbiError.INVALID_PARAM.result();
  }

  private SbiResult suspend(int hart, long[] a) {
    switch ((int) a[0]) {
      case RETENTIVE -> platform.suspend(hart);
      case NON_RETENTIVE -> {
        if (!isCode(a[1])) {
          return SbiError.INVALID_ADDRESS.result();
        }
        platform.suspendAndStart(hart, a[1], a[2]);
      }
      default -> {
        return SbiError.INVALID_PARAM.result();
      }
    }
    return SbiResult.SUCCESS;
  }

  private boolean exists(long hart) {
    return hart >= 0 && hart < platform.harts();
  }

  private boolean isCode(long address) {
    return address % SHORTEST_INSTRUCTION == 0 && platform.isRam(address, SHORTEST_INSTRUCTION);
  }
}
