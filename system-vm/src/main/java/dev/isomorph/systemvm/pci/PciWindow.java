package dev.isomorph.systemvm.pci;

import dev.isomorph.systemvm.device.StatelessDevice;

/**
 * A window to the memory of the functions on a bus, which has the same addresses on both sides.
 * Where none answers, reads give ones and writes are lost.
 */
public final class PciWindow implements StatelessDevice {
  private final String name;
  private final long base;
  private final PciHost bus;

  /**
   * @param base physical address of the window
   */
  public PciWindow(String name, long base, PciHost bus) {
    this.name = name;
    this.base = base;
    this.bus = bus;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long read(long offset, int bytes) {
    return bus.readMemory(base + offset, bytes);
  }

  @Override
  public void write(long offset, int bytes, long value) {
    bus.writeMemory(base + offset, bytes, value);
  }
}
