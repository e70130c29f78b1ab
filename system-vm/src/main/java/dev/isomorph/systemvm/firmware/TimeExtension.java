package dev.isomorph.systemvm.firmware;

import dev.isomorph.systemvm.firmware.FirmwareEvents.Event;
import java.util.List;

/** Timers (RISC-V SBI specification, chapter 6). */
final class TimeExtension {
  private final SbiPlatform platform;
  private final FirmwareEvents events;

  TimeExtension(SbiPlatform platform, FirmwareEvents events) {
    this.platform = platform;
    this.events = events;
  }

  SbiExtension table() {
    return new SbiExtension(
        SbiExtension.id("TIME"),
        "time",
        List.of(new SbiFunction(0, "sbi_set_timer", this::setTimer)));
  }

  private SbiResult setTimer(int hart, long[] a) {
    events.count(hart, Event.SET_TIMER);
    platform.setTimer(hart, a[0]);
    return SbiResult.SUCCESS;
  }
}
