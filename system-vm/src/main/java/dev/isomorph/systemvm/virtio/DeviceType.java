package dev.isomorph.systemvm.virtio;

/** Kinds of virtio devices and their numbers (virtio 1.2, section 5). */
public enum DeviceType {
  NETWORK(1),
  BLOCK(2),
  CONSOLE(3),
  ENTROPY(4),
  BALLOON(5),
  NINE_P(9);

  private final int id;

  DeviceType(int id) {
    this.id = id;
  }

  /** What a driver reads to know which kind this is. */
  public int id() {
    return id;
  }
}
