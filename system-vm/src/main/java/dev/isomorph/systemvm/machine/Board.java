package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.Clint;
import dev.isomorph.systemvm.device.Device;
import dev.isomorph.systemvm.device.GoldfishRtc;
import dev.isomorph.systemvm.device.InterruptLine;
import dev.isomorph.systemvm.device.MachineClock;
import dev.isomorph.systemvm.device.MachineControl;
import dev.isomorph.systemvm.device.Plic;
import dev.isomorph.systemvm.device.SifiveTest;
import dev.isomorph.systemvm.device.Uart16550;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.hart.PrivilegedState;
import dev.isomorph.systemvm.hart.TrapCause;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.virtio.EmptySlot;
import dev.isomorph.systemvm.virtio.VirtioDevice;
import dev.isomorph.systemvm.virtio.VirtioMmio;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** What is at which address and on which interrupt: qemu's board {@code virt}. */
final class Board {
  static final long RAM = 0x8000_0000L;
  private static final long TEST = 0x10_0000;
  private static final long RTC = 0x10_1000;
  private static final long CLINT = 0x200_0000;
  private static final long PLIC = 0xc00_0000;
  private static final long UART = 0x1000_0000;
  private static final long VIRTIO = 0x1000_1000;
  private static final int VIRTIO_STRIDE = 0x1000;

  /** Of the PLIC: as far as its contexts can go. */
  private static final long PLIC_SIZE = 0x60_0000;

  private static final int FIRST_VIRTIO_INTERRUPT = 1;
  private static final int UART_INTERRUPT = 10;
  private static final int RTC_INTERRUPT = 11;

  private final PhysicalBus bus;
  private final Clint clint;
  private final Plic plic;

  /** Puts the devices that every machine has on the bus. */
  Board(
      PhysicalBus bus,
      List<PrivilegedState> harts,
      MachineClock clock,
      MachineControl control,
      CharBackend console) {
    this.bus = bus;
    List<InterruptLine> external = new ArrayList<>();
    for (PrivilegedState hart : harts) {
      external.add(hart.interrupts().line(TrapCause.MACHINE_EXTERNAL_INTERRUPT));
      external.add(hart.interrupts().line(TrapCause.SUPERVISOR_EXTERNAL_INTERRUPT));
    }
    plic = new Plic(external);
    clint =
        new Clint(
            clock,
            lines(harts, TrapCause.MACHINE_SOFTWARE_INTERRUPT),
            lines(harts, TrapCause.MACHINE_TIMER_INTERRUPT));
    bus.attach(TEST, SifiveTest.SIZE, new SifiveTest(control));
    bus.attach(RTC, GoldfishRtc.SIZE, new GoldfishRtc(clock, plic.source(RTC_INTERRUPT), 0));
    bus.attach(CLINT, Clint.SIZE, clint);
    bus.attach(PLIC, PLIC_SIZE, plic);
    bus.attach(UART, Uart16550.SIZE, new Uart16550(clock, plic.source(UART_INTERRUPT), console));
  }

  private static List<InterruptLine> lines(List<PrivilegedState> harts, TrapCause interrupt) {
    return harts.stream().map(hart -> hart.interrupts().line(interrupt)).toList();
  }

  /**
   * Puts a virtio device on the bus.
   *
   * @param slot below {@link MachineOptions#SLOTS}
   * @param device null for an empty place
   */
  void attach(int slot, VirtioDevice device, Executor executor) {
    InterruptLine line = plic.source(FIRST_VIRTIO_INTERRUPT + slot);
    Device registers =
        device == null
            ? new EmptySlot("virtio" + slot)
            : new VirtioMmio(device, bus.ram(), line, executor);
    bus.attach(VIRTIO + (long) slot * VIRTIO_STRIDE, VirtioMmio.SIZE, registers);
  }

  /** All devices as after power-on. */
  void reset() {
    for (PhysicalBus.Range range : bus.devices()) {
      Device device = range.device();
      device.reset();
    }
  }
}
