package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.device.Device;
import dev.isomorph.systemvm.device.InterruptLine;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.virtio.VirtQueue.Area;
import java.util.concurrent.Executor;

/**
 * Registers of a virtio device in memory: virtio-mmio, version 2 (virtio 1.2, section 4.2).
 *
 * <p>Registers below the configuration space take accesses of 4 bytes; others read as zero and
 * write nothing, as do registers that are not there.
 */
public final class VirtioMmio extends VirtioTransport implements Device {
  /** Bytes of registers. */
  public static final long SIZE = 0x1000;

  static final int MAGIC = 0x7472_6976;
  static final int VERSION = 2;
  // Drivers do nothing with it; the same as of qemu's devices, that guests look alike.
  static final int VENDOR = 0x554d_4551;
  static final long CONFIG = 0x100;

  private final VirtioCore core;

  /**
   * @param ram all that the device can reach
   * @param executor does what may wait for the host, of several queues at a time, lest one wait for
   *     another; {@code Runnable::run} for a machine that is to be the same at each run
   */
  public VirtioMmio(VirtioDevice device, Ram ram, InterruptLine line, Executor executor) {
    core = new VirtioCore(device, ram, line, executor, () -> true);
  }

  @Override
  VirtioCore core() {
    return core;
  }

  /** What the driver did wrong last, for people; empty if nothing. */
  public String complaint() {
    return core.complaint();
  }

  @Override
  public long read(long offset, int bytes) {
    if (offset >= CONFIG) {
      return core.readConfig(offset - CONFIG, bytes);
    }
    if (bytes != 4) {
      return 0;
    }
    synchronized (core) {
      VirtQueue queue = core.queue(selection.queue);
      return 0xffff_ffffL
          & switch ((int) offset) {
            case 0x000 -> MAGIC;
            case 0x004 -> VERSION;
            case 0x008 -> core.device().shape().type().id();
            case 0x00c -> VENDOR;
            case 0x010 -> VirtioCore.word(core.offered(), selection.deviceFeaturesWord);
            case 0x034 -> queue == null ? 0 : queue.maximum();
            case 0x044 -> queue != null && queue.ready() ? 1 : 0;
            case 0x060 -> core.interrupts();
            case 0x070 -> core.status();
            // There is no shared memory, of whatever number.
            case 0x0b0, 0x0b4, 0x0b8, 0x0bc -> -1;
            case 0x0fc -> core.generation();
            default -> 0;
          };
    }
  }

  @Override
  public void write(long offset, int bytes, long value) {
    if (offset >= CONFIG) {
      core.writeConfig(offset - CONFIG, bytes, value);
    } else if (bytes == 4) {
      int word = (int) value;
      switch ((int) offset) {
        case 0x050 -> core.ring(word);
        case 0x070 -> core.setStatus(word);
        default -> writeGuarded((int) offset, word);
      }
    }
  }

  private void writeGuarded(int offset, int value) {
    synchronized (core) {
      switch (offset) {
        case 0x014 -> selection.deviceFeaturesWord = value;
        case 0x020 -> core.setDriverFeatures(selection.driverFeaturesWord, value);
        case 0x024 -> selection.driverFeaturesWord = value;
        case 0x030 -> selection.queue = value;
        case 0x064 -> core.acknowledge(value);
        default -> {
          VirtQueue queue = core.queue(selection.queue);
          if (queue != null) {
            writeQueue(queue, offset, value);
          }
        }
      }
    }
  }

  private void writeQueue(VirtQueue queue, int offset, int value) {
    switch (offset) {
      case 0x038 -> queue.setSize(value);
      case 0x044 -> core.setReady(queue, (value & 1) != 0);
      case 0x080, 0x084 -> queue.setAddress(Area.DESCRIPTORS, (offset & 4) != 0, value);
      case 0x090, 0x094 -> queue.setAddress(Area.AVAILABLE, (offset & 4) != 0, value);
      case 0x0a0, 0x0a4 -> queue.setAddress(Area.USED, (offset & 4) != 0, value);
      default -> {
        // Read-only or not there.
      }
    }
  }
}
