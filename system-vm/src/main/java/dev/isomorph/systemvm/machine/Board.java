package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.Clint;
import dev.isomorph.systemvm.device.Device;
import dev.isomorph.systemvm.device.Flash;
import dev.isomorph.systemvm.device.GoldfishRtc;
import dev.isomorph.systemvm.device.InterruptLine;
import dev.isomorph.systemvm.device.MachineClock;
import dev.isomorph.systemvm.device.MachineControl;
import dev.isomorph.systemvm.device.OpenBus;
import dev.isomorph.systemvm.device.Pausable;
import dev.isomorph.systemvm.device.Plic;
import dev.isomorph.systemvm.device.SifiveTest;
import dev.isomorph.systemvm.device.Uart16550;
import dev.isomorph.systemvm.device.VirtBoard;
import dev.isomorph.systemvm.device.VirtBoard.Place;
import dev.isomorph.systemvm.device.serial.CharBackend;
import dev.isomorph.systemvm.hart.PrivilegedState;
import dev.isomorph.systemvm.hart.TrapCause;
import dev.isomorph.systemvm.host.Closing;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.systemvm.memory.Rom;
import dev.isomorph.systemvm.pci.PciHost;
import dev.isomorph.systemvm.pci.PciWindow;
import dev.isomorph.systemvm.virtio.EmptySlot;
import dev.isomorph.systemvm.virtio.VirtioMmio;
import dev.isomorph.systemvm.virtio.VirtioPci;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Connects the devices of qemu's board {@code virt} to the harts. */
final class Board implements Closeable {
  private static final byte[] ERASED = {};

  private final PhysicalBus bus;
  private final Plic plic;
  private final Uart16550 uart;
  private final PciHost pci;

  /**
   * Puts the devices that every machine has on the bus.
   *
   * @param ahead nanoseconds by which the real-time clock is ahead of the host's
   */
  Board(
      PhysicalBus bus,
      Rom rom,
      List<PrivilegedState> harts,
      MachineClock clock,
      long ahead,
      MachineControl control,
      CharBackend console) {
    this.bus = bus;
    List<InterruptLine> external = new ArrayList<>();
    for (PrivilegedState hart : harts) {
      external.add(hart.interrupts().line(TrapCause.MACHINE_EXTERNAL_INTERRUPT));
      external.add(hart.interrupts().line(TrapCause.SUPERVISOR_EXTERNAL_INTERRUPT));
    }
    plic = new Plic(external);
    Clint clint =
        new Clint(
            clock,
            lines(harts, TrapCause.MACHINE_SOFTWARE_INTERRUPT),
            lines(harts, TrapCause.MACHINE_TIMER_INTERRUPT));
    bus.attach(rom.base(), Rom.SIZE, rom);
    attach(VirtBoard.TEST, new SifiveTest(control));
    attach(VirtBoard.RTC, new GoldfishRtc(clock, line(VirtBoard.RTC), ahead));
    attach(VirtBoard.CLINT, clint);
    attach(VirtBoard.PLIC, plic);
    uart = new Uart16550(clock, line(VirtBoard.UART), console);
    attach(VirtBoard.UART, uart);
    pci = new PciHost(pciInterrupts());
    attach(VirtBoard.PCI, pci);
    attach(VirtBoard.PCI_PORTS, new OpenBus("pci-ports"));
    attachWindow("pci-memory", VirtBoard.PCI_MEMORY);
    attachWindow("pci-high-memory", VirtBoard.pciHighMemory(bus.ram().size()));
    for (int bank = 0; bank < VirtBoard.FLASH_BANKS; bank++) {
      attach(VirtBoard.flash(bank), new Flash("flash" + bank, ERASED));
    }
  }

  private static List<InterruptLine> lines(List<PrivilegedState> harts, TrapCause interrupt) {
    return harts.stream().map(hart -> hart.interrupts().line(interrupt)).toList();
  }

  private List<InterruptLine> pciInterrupts() {
    int first = VirtBoard.PCI.interrupt();
    return IntStream.range(first, first + VirtBoard.PCI_INTERRUPTS).mapToObj(plic::source).toList();
  }

  private void attachWindow(String name, Place place) {
    attach(place, new PciWindow(name, place.base(), pci));
  }

  private InterruptLine line(Place place) {
    return plic.source(place.interrupt());
  }

  private void attach(Place place, Device device) {
    bus.attach(place.base(), place.size(), device);
  }

  /** Puts virtio devices in their places; those in memory that are left read as empty. */
  void plug(List<Backends.Plugged> devices) {
    Map<Integer, Device> inMemory = new HashMap<>();
    for (Backends.Plugged each : devices) {
      int index = each.slot().index();
      switch (each.slot().bus()) {
        case MMIO -> {
          InterruptLine line = line(VirtBoard.virtio(index));
          inMemory.put(index, new VirtioMmio(each.device(), bus.ram(), line, each.workers()));
        }
        case PCI ->
            pci.plug(
                index, new VirtioPci(each.device(), bus.ram(), pci.line(index), each.workers()));
      }
    }
    for (int slot = 0; slot < VirtBoard.VIRTIO_SLOTS; slot++) {
      Device empty = new EmptySlot("virtio" + slot);
      attach(VirtBoard.virtio(slot), inMemory.getOrDefault(slot, empty));
    }
  }

  /** The serial line of the console. */
  Uart16550 uart() {
    return uart;
  }

  /** All devices as after power-on; the PLIC last, lest it keeps what another asked for before. */
  void reset() {
    for (PhysicalBus.Range range : bus.devices()) {
      if (range.device() != plic) {
        range.device().reset();
      }
    }
    plic.reset();
  }

  /** Returns when no device does anything of its own, until {@link #resume}. */
  void pause() throws IOException {
    for (PhysicalBus.Range range : bus.devices()) {
      if (range.device() instanceof Pausable device) {
        device.pause();
      }
    }
  }

  /** Lets all devices go on. */
  void resume() {
    for (PhysicalBus.Range range : bus.devices()) {
      if (range.device() instanceof Pausable device) {
        device.resume();
      }
    }
  }

  /** Waits until no device does anything any more, after a reset and once backends are closed. */
  @Override
  public void close() throws IOException {
    List<Closeable> devices = new ArrayList<>();
    for (PhysicalBus.Range range : bus.devices()) {
      if (range.device() instanceof Closeable device) {
        devices.add(device);
      }
    }
    Closing.all(devices);
  }
}
