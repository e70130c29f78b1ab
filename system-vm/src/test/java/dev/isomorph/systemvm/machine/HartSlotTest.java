package dev.isomorph.systemvm.machine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.engine.Engine;
import dev.isomorph.systemvm.boot.StartState;
import dev.isomorph.systemvm.device.HostClock;
import dev.isomorph.systemvm.device.VirtBoard;
import dev.isomorph.systemvm.firmware.HartState;
import dev.isomorph.systemvm.firmware.RemoteFence;
import dev.isomorph.systemvm.hart.SystemHart;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.memory.Rom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Harts without guest code. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HartSlotTest {
  private final Ram ram = new Ram(VirtBoard.RAM, TestKernel.MEMORY);
  private final Rom rom = new Rom(StartState.ROM);
  private final MachineFrames frames = new MachineFrames(ram, rom);
  private final Engine engine = new Engine(frames, TestKernel.ENGINE);
  private final HostClock clock = new HostClock();
  private final Power power = new Power(() -> {});
  private final List<HartSlot> slots = List.of(slot(0), slot(1));

  private HartSlot slot(int number) {
    PhysicalBus bus = new PhysicalBus(ram);
    Supervision owner = new Supervision(power, List.of());
    return new HartSlot(new SystemHart(number, engine, bus, frames, clock, owner), false);
  }

  @AfterEach
  void close() {
    clock.close();
    slots.forEach(slot -> slot.hart().close());
    engine.close();
    rom.close();
    ram.close();
  }

  @Test
  void aHartThatHasStoppedDoesWhatWasPostedToIt() throws InterruptedException {
    power.turnOn();
    HartSlot slot = slots.getFirst();
    slot.stop();
    Thread poster = Thread.ofPlatform().start(() -> postOnceStopped(slot));
    assertFalse(slot.awaitStart(power));
    assertFalse(power.isOn());
    poster.join();
  }

  private void postOnceStopped(HartSlot slot) {
    while (slot.state() != HartState.STOPPED) {
      Thread.onSpinWait();
    }
    slot.post(() -> power.powerOff(0));
  }

  @Test
  void withoutPowerNobodyWaitsForTheFencesOfOthers() {
    slots.forEach(slot -> slot.suspended(false));
    Firmware firmware = new Firmware(slots, ram, power, null);
    firmware.fence(0, 0b10, new RemoteFence.Instructions());
    assertTrue(slots.stream().allMatch(HartSlot::isStarted));
  }
}
