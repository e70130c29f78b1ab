package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.pci.ConfigSpace;

/**
 * How a driver finds the registers of a virtio device on PCI (virtio 1.2, sections 4.1.2 and
 * 4.1.4): the configuration space, and a window in it to the registers.
 */
final class VirtioPciHeader {
  /** Distance of the places by which the driver notifies of queues. */
  static final int NOTIFY_BYTES = 4;

  private static final int VENDOR = 0x1af4;
  private static final int FIRST_DEVICE = 0x1040;
  private static final int REVISION = 1;
  private static final int SUBSYSTEM = 0x1100_1af4;
  private static final int VENDOR_CAPABILITY = 9;
  private static final int CAPABILITY_BYTES = 16;
  private static final int LONG_CAPABILITY_BYTES = 20;
  private static final long STRUCTURE_BYTES = 0x1000;

  /** Kinds of capabilities, as the specification numbers them. */
  private enum Kind {
    COMMON,
    NOTIFY,
    INTERRUPTS,
    DEVICE,
    WINDOW
  }

  private final ConfigSpace space;
  private final int window;

  VirtioPciHeader(DeviceType type) {
    space = new ConfigSpace(VENDOR, FIRST_DEVICE + type.id(), REVISION, type.pciClass(), SUBSYSTEM);
    space.interrupts();
    space.memory(VirtioPci.MEMORY_BAR, VirtioPci.MEMORY_BYTES);
    capability(Kind.COMMON, CAPABILITY_BYTES, 0, STRUCTURE_BYTES);
    capability(Kind.INTERRUPTS, CAPABILITY_BYTES, VirtioPci.INTERRUPTS, STRUCTURE_BYTES);
    capability(Kind.DEVICE, CAPABILITY_BYTES, VirtioPci.CONFIG, STRUCTURE_BYTES);
    int notify = capability(Kind.NOTIFY, LONG_CAPABILITY_BYTES, VirtioPci.NOTIFY, STRUCTURE_BYTES);
    space.put(notify + CAPABILITY_BYTES, 4, NOTIFY_BYTES);
    window = capability(Kind.WINDOW, LONG_CAPABILITY_BYTES, 0, 0);
    space.put(window + 4, 1, 0);
    space.allow(window + 4, 1, 0xff);
    space.allow(window + 8, 8, -1);
  }

  private int capability(Kind kind, int bytes, long offset, long length) {
    int at = space.capability(VENDOR_CAPABILITY, bytes);
    space.put(at + 2, 1, bytes);
    space.put(at + 3, 1, kind.ordinal() + 1);
    space.put(at + 4, 1, VirtioPci.MEMORY_BAR);
    space.put(at + 8, 4, offset);
    space.put(at + 12, 4, length);
    return at;
  }

  ConfigSpace space() {
    return space;
  }

  /** The register in the configuration space that stands for others. */
  int window() {
    return window + CAPABILITY_BYTES;
  }

  /** For registers of how many bytes it stands; 0 if it is not set so that it stands for any. */
  int windowLength() {
    long length = space.read(window + 12, 4);
    long offset = windowOffset();
    boolean isOne = length == 1 || length == 2 || length == 4;
    boolean isInside =
        space.read(window + 4, 1) == VirtioPci.MEMORY_BAR
            && offset <= VirtioPci.MEMORY_BYTES - length;
    return isOne && isInside && offset % length == 0 ? (int) length : 0;
  }

  /** Where those registers are. */
  long windowOffset() {
    return space.read(window + 8, 4);
  }
}
