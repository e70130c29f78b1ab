package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.device.StatelessDevice;

/** A place for a virtio device where none is: drivers read device 0 and pass by. */
public record EmptySlot(String name) implements StatelessDevice {
  @Override
  public long read(long offset, int bytes) {
    if (bytes != 4) {
      return 0;
    }
    return switch ((int) offset) {
      case 0x000 -> VirtioMmio.MAGIC;
      case 0x004 -> VirtioMmio.VERSION;
      case 0x00c -> VirtioMmio.VENDOR;
      default -> 0;
    };
  }

  @Override
  public void write(long offset, int bytes, long value) {}
}
