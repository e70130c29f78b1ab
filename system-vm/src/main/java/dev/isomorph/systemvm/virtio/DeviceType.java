package dev.isomorph.systemvm.virtio;

/** Kinds of virtio devices and their numbers (virtio 1.2, section 5). */
public enum DeviceType {
  NETWORK(1, 0x0200),
  BLOCK(2, 0x0100),
  CONSOLE(3, 0x0780),
  ENTROPY(4, 0x00ff),
  BALLOON(5, 0x00ff),
  NINE_P(9, 0x0002);

  private final int id;
  private final int pciClass;

  DeviceType(int id, int pciClass) {
    this.id = id;
    this.pciClass = pciClass;
  }

  /** Its class on PCI, as qemu's devices have it: base class and subclass. */
  int pciClass() {
    return pciClass;
  }

  /** What a driver reads to know which kind this is. */
  public int id() {
    return id;
  }
}
