package dev.isomorph.systemvm.virtio;

/** Feature bits that all virtio devices share (virtio 1.2, section 6), as masks. */
final class Feature {
  /** A descriptor may refer to a table of descriptors. */
  static final long INDIRECT_DESCRIPTORS = 1L << 28;

  /** Either side tells at which index it wants to hear from the other. */
  static final long EVENT_INDEX = 1L << 29;

  /** Not a legacy device. */
  static final long VERSION_1 = 1L << 32;

  /** What every device here offers beside its own. */
  static final long COMMON = INDIRECT_DESCRIPTORS | EVENT_INDEX | VERSION_1;

  private Feature() {}
}
