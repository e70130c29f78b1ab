package dev.isomorph.systemvm.virtio;

/** Bits of the device status field (virtio 1.2, section 2.1). */
final class Status {
  static final int ACKNOWLEDGE = 1;
  static final int DRIVER = 2;
  static final int DRIVER_OK = 4;
  static final int FEATURES_OK = 8;
  static final int NEEDS_RESET = 64;
  static final int FAILED = 128;

  /** What a driver may set. */
  static final int OF_DRIVER = ACKNOWLEDGE | DRIVER | DRIVER_OK | FEATURES_OK | FAILED;

  private Status() {}
}
