package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.device.Device;
import java.io.DataInput;
import java.io.DataOutput;

/** A place for a virtio device where none is: drivers read device 0 and pass by. */
public record EmptySlot(String name) implements Device {
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

  @Override
  public void reset() {}

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void save(DataOutput out) {}

  @Override
  public void restore(DataInput in, int version) {}
}
