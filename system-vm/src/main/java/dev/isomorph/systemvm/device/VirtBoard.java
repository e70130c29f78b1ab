package dev.isomorph.systemvm.device;

import java.util.Objects;

/** Where things are on qemu's {@code virt} board. */
public final class VirtBoard {
  public static final Place TEST = new Place(0x10_0000, 0x1000, 0);
  public static final Place RTC = new Place(0x10_1000, 0x1000, 11);
  public static final Place CLINT = new Place(0x200_0000, Clint.SIZE, 0);
  public static final Place PLIC = new Place(0xc00_0000, 0x60_0000, 0);
  public static final Place UART = new Place(0x1000_0000, 0x100, 10);

  /** Configuration space of PCI Express. */
  public static final Place PCI = new Place(0x3000_0000, 0x1000_0000, 32);

  /** The window to PCI's ports. */
  public static final Place PCI_PORTS = new Place(0x300_0000, 0x1_0000, 0);

  /** The window to PCI's memory that 32 bits can address. */
  public static final Place PCI_MEMORY = new Place(0x4000_0000, 0x4000_0000, 0);

  /** PCI's interrupts, from {@link #PCI}'s on. */
  public static final int PCI_INTERRUPTS = 4;

  /** Banks of flash memory. */
  public static final int FLASH_BANKS = 2;

  /** Where RAM begins. */
  public static final long RAM = 0x8000_0000L;

  /** Places for virtio devices. */
  public static final int VIRTIO_SLOTS = 8;

  private static final long PCI_HIGH_MEMORY_SIZE = 1L << 34;
  private static final long FLASH = 0x2000_0000;
  private static final long VIRTIO = 0x1000_1000;
  private static final long VIRTIO_SIZE = 0x1000;

  /**
   * A device's registers and its interrupt.
   *
   * @param base guest physical address
   * @param size bytes, which may be more than the device uses
   * @param interrupt source of the PLIC's, 0 for none
   */
  public record Place(long base, long size, int interrupt) {}

  private VirtBoard() {}

  /** The window to PCI's memory above RAM of that size, aligned as it is large. */
  public static Place pciHighMemory(long ramSize) {
    long end = RAM + ramSize + PCI_HIGH_MEMORY_SIZE - 1;
    return new Place(end & -PCI_HIGH_MEMORY_SIZE, PCI_HIGH_MEMORY_SIZE, 0);
  }

  /** A bank's place. */
  public static Place flash(int bank) {
    Objects.checkIndex(bank, FLASH_BANKS);
    return new Place(FLASH + (long) bank * Flash.SIZE, Flash.SIZE, 0);
  }

  /** A virtio-mmio transport's place; slot 0 is at the lowest address. */
  public static Place virtio(int slot) {
    Objects.checkIndex(slot, VIRTIO_SLOTS);
    return new Place(VIRTIO + slot * VIRTIO_SIZE, VIRTIO_SIZE, 1 + slot);
  }
}
