package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.isomorph.engine.Engine;
import dev.isomorph.systemvm.boot.StartState;
import dev.isomorph.systemvm.device.HostClock;
import dev.isomorph.systemvm.device.VirtBoard;
import dev.isomorph.systemvm.firmware.HartState;
import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.memory.Rom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HartSlotTest {
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aHartThatHasStoppedDoesWhatWasPostedToIt() throws Exception {
    Ram ram = new Ram(VirtBoard.RAM, TestKernel.MEMORY);
    Rom rom = new Rom(StartState.ROM);
    MachineFrames frames = new MachineFrames(ram, rom);
    Engine engine = new Engine(frames, TestKernel.ENGINE);
    Power power = new Power(() -> {});
    power.turnOn();
    try (ram;
        rom;
        engine;
        HostClock clock = new HostClock();
        SystemHart hart =
            new SystemHart(
                0,
                engine,
                new PhysicalBus(ram),
                frames,
                clock,
                new Supervision(power, List.of()))) {
      HartSlot slot = new HartSlot(hart, false);
      slot.stop();
      Thread poster = Thread.ofPlatform().start(() -> postOnceStopped(slot, power));
      assertFalse(slot.awaitStart(power));
      assertFalse(power.isOn());
      poster.join();
    }
  }

  private static void postOnceStopped(HartSlot slot, Power power) {
    while (slot.state() != HartState.STOPPED) {
      Thread.onSpinWait();
    }
    slot.post(() -> power.powerOff(0));
  }
}
