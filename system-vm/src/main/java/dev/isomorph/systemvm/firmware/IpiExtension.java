package dev.isomorph.systemvm.firmware;

import dev.isomorph.systemvm.firmware.FirmwareEvents.Event;
import java.util.List;

/** Interrupts from hart to hart (RISC-V SBI specification, chapter 7). */
final class IpiExtension {
  private final SbiPlatform platform;
  private final FirmwareEvents events;

  IpiExtension(SbiPlatform platform, FirmwareEvents events) {
    this.platform = platform;
    this.events = events;
  }

  SbiExtension table() {
    return new SbiExtension(
        SbiExtension.id("sPI"),
        "interprocessor interrupts",
        List.of(new SbiFunction(0, "sbi_send_ipi", this::send)));
  }

  private SbiResult send(int hart, long[] a) {
    if (!HartMask.isValid(a[0], a[1], platform.harts())) {
      return SbiError.INVALID_PARAM.result();
    }
    long harts = HartMask.of(a[0], a[1], platform.harts());
    events.count(hart, Event.IPI_SENT);
    events.countAll(harts, Event.IPI_RECEIVED);
    platform.raiseSoftwareInterrupts(harts);
    return SbiResult.SUCCESS;
  }
}
