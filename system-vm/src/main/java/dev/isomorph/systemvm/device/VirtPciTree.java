package dev.isomorph.systemvm.device;

import dev.isomorph.systemvm.device.tree.TreeNode;
import java.nio.IntBuffer;

/** Describes PCI Express (IEEE 1275's PCI bus binding; generic host with ECAM). */
final class VirtPciTree {
  private static final int PORTS = 0x100_0000;
  private static final int MEMORY = 0x200_0000;
  private static final int MEMORY_64 = 0x300_0000;
  private static final int RANGE_CELLS = 7;
  private static final int INTERRUPT_CELLS = 6;
  private static final int DEVICE_SHIFT = 11;
  private static final int PINS = 4;

  private VirtPciTree() {}

  /**
   * Adds the node.
   *
   * @param plic handle of the interrupt controller
   */
  static void describe(TreeNode soc, int plic, VirtBoard.Place highMemory) {
    VirtBoard.Place registers = VirtBoard.PCI;
    soc.child("pci@" + Long.toHexString(registers.base()))
        .cells("interrupt-map-mask", 3 << DEVICE_SHIFT, 0, 0, 7)
        .cells("interrupt-map", interruptMap(plic))
        .cells("ranges", ranges(highMemory))
        .doubleCells("reg", registers.base(), registers.size())
        .flag("dma-coherent")
        .cells("bus-range", 0, (int) (registers.size() >> 20) - 1)
        .cells("linux,pci-domain", 0)
        .text("device_type", "pci")
        .text("compatible", "pci-host-ecam-generic")
        .cells("#size-cells", 2)
        .cells("#interrupt-cells", 1)
        .cells("#address-cells", 3);
  }

  /** Pins of neighbouring devices lead to different interrupts. */
  private static int[] interruptMap(int plic) {
    int devices = VirtBoard.PCI_INTERRUPTS;
    IntBuffer map = IntBuffer.allocate(devices * PINS * INTERRUPT_CELLS);
    for (int device = 0; device < devices; device++) {
      for (int pin = 0; pin < PINS; pin++) {
        int interrupt = VirtBoard.PCI.interrupt() + (device + pin) % devices;
        map.put(device << DEVICE_SHIFT).put(0).put(0).put(pin + 1).put(plic).put(interrupt);
      }
    }
    return map.array();
  }

  private static int[] ranges(VirtBoard.Place highMemory) {
    IntBuffer ranges = IntBuffer.allocate(3 * RANGE_CELLS);
    range(ranges, PORTS, 0, VirtBoard.PCI_PORTS);
    range(ranges, MEMORY, VirtBoard.PCI_MEMORY.base(), VirtBoard.PCI_MEMORY);
    range(ranges, MEMORY_64, highMemory.base(), highMemory);
    return ranges.array();
  }

  private static void range(IntBuffer to, int space, long pciAddress, VirtBoard.Place place) {
    to.put(space);
    for (long value : new long[] {pciAddress, place.base(), place.size()}) {
      to.put((int) (value >> 32)).put((int) value);
    }
  }
}
