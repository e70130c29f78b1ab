package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.firmware.Sbi;
import dev.isomorph.systemvm.firmware.SbiPlatform;
import dev.isomorph.systemvm.firmware.SbiResult;
import dev.isomorph.systemvm.hart.Halt;
import dev.isomorph.systemvm.hart.HartOwner;
import dev.isomorph.systemvm.hart.HartRegisters;
import dev.isomorph.systemvm.hart.SystemHart;
import java.util.List;

/** What harts ask of the machine while they run. */
final class Supervision implements HartOwner {
  private static final int A0 = 10;
  private static final int A6 = 16;
  private static final int A7 = 17;

  private final Power power;
  private final List<HartSlot> harts;

  /** Null if firmware is the guest's. */
  private Sbi sbi;

  private RunControl control;

  Supervision(Power power, List<HartSlot> harts) {
    this.power = power;
    this.harts = harts;
  }

  /** Whom it tells of halts. */
  void tell(RunControl newControl) {
    control = newControl;
  }

  /** The supervisor's calls are for firmware that is part of the machine. */
  void answerWith(SbiPlatform platform) {
    sbi = new Sbi(platform);
  }

  /** The firmware that answers; null if it is the guest's. */
  Sbi firmware() {
    return sbi;
  }

  @Override
  public boolean answers(SystemHart hart) {
    if (sbi == null) {
      return false;
    }
    HartRegisters r = hart.registers();
    SbiResult result =
        sbi.call(
            hart.number(),
            r.x(A7),
            r.x(A6),
            r.x(A0),
            r.x(A0 + 1),
            r.x(A0 + 2),
            r.x(A0 + 3),
            r.x(A0 + 4),
            r.x(A0 + 5));
    switch (result) {
      case SbiResult.Standard(long error, long value) -> {
        r.x(A0, error);
        r.x(A0 + 1, value);
      }
      case SbiResult.Legacy(long value) -> r.x(A0, value);
    }
    return true;
  }

  @Override
  public void attend(SystemHart hart) {
    harts.get(hart.number()).rest(power);
  }

  @Override
  public void halted(SystemHart hart, Halt why) {
    control.halted(hart, why);
  }

  @Override
  public boolean isRunning(SystemHart hart) {
    return power.isOn() && harts.get(hart.number()).isStarted();
  }
}
