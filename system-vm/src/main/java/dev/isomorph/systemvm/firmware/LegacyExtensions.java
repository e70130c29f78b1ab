package dev.isomorph.systemvm.firmware;

import dev.isomorph.systemvm.firmware.FirmwareEvents.Event;
import java.util.List;

/**
 * Calls of before version 0.2, for early consoles and small kernels (RISC-V SBI specification,
 * chapter 5). Those that take sets of harts by virtual addresses are not here; who uses them asks
 * first.
 */
final class LegacyExtensions {
  private final SbiPlatform platform;
  private final FirmwareEvents events;

  LegacyExtensions(SbiPlatform platform, FirmwareEvents events) {
    this.platform = platform;
    this.events = events;
  }

  List<SbiExtension> tables() {
    return List.of(
        only(0, "sbi_set_timer", this::setTimer),
        only(1, "sbi_console_putchar", this::putCharacter),
        only(2, "sbi_console_getchar", (_, _) -> new SbiResult.Legacy(platform.typed())),
        only(3, "sbi_clear_ipi", this::clearInterrupt),
        only(8, "sbi_shutdown", this::shutdown));
  }

  private static SbiExtension only(int id, String name, SbiFunction.Body body) {
    return new SbiExtension(id, name, List.of(new SbiFunction(0, name, body)));
  }

  private SbiResult setTimer(int hart, long[] a) {
    events.count(hart, Event.SET_TIMER);
    platform.setTimer(hart, a[0]);
    return new SbiResult.Legacy(0);
  }

  private SbiResult putCharacter(int hart, long[] a) {
    platform.print(new byte[] {(byte) a[0]}, 1);
    return new SbiResult.Legacy(0);
  }

  private SbiResult clearInterrupt(int hart, long[] a) {
    platform.clearSoftwareInterrupt(hart);
    return new SbiResult.Legacy(0);
  }

  private SbiResult shutdown(int hart, long[] a) {
    platform.reset(new Reset(Reset.Type.SHUTDOWN, false));
    return new SbiResult.Legacy(0);
  }
}
