package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.device.InterruptLine;
import dev.isomorph.systemvm.memory.Ram;
import dev.isomorph.systemvm.pci.ConfigSpace;
import dev.isomorph.systemvm.pci.PciFunction;
import dev.isomorph.systemvm.virtio.VirtQueue.Area;
import java.util.concurrent.Executor;

/**
 * A virtio device on PCI (virtio 1.2, section 4.1): not a transitional one, interrupting by INTA.
 *
 * <p>Registers take accesses of their own width, addresses also by halves; others read as zero and
 * write nothing.
 */
public final class VirtioPci extends VirtioTransport implements PciFunction {
  static final int MEMORY_BAR = 4;
  static final long MEMORY_BYTES = 0x4000;
  static final long INTERRUPTS = 0x1000;
  static final long CONFIG = 0x2000;
  static final long NOTIFY = 0x3000;

  /** No vector of MSI-X, which is not there. */
  private static final int NO_VECTOR = 0xffff;

  private static final int HALF = 4;

  private final VirtioCore core;
  private final VirtioPciHeader header;
  private final InterruptLine pin;

  /** Guards what the pin does; taken with the core's monitor or without. */
  private final Object pinLock = new Object();

  private boolean interrupting;

  /**
   * @param pin what INTA leads to
   * @param executor as that of {@link VirtioMmio}
   */
  public VirtioPci(VirtioDevice device, Ram ram, InterruptLine pin, Executor executor) {
    this.pin = pin;
    header = new VirtioPciHeader(device.shape().type());
    core = new VirtioCore(device, ram, this::interrupt, executor, header.space()::isMaster);
  }

  @Override
  VirtioCore core() {
    return core;
  }

  @Override
  public ConfigSpace config() {
    return header.space();
  }

  private void interrupt(boolean level) {
    synchronized (pinLock) {
      interrupting = level;
      header.space().interruptPending(level);
      setPin();
    }
  }

  private void setPin() {
    pin.set(interrupting && !header.space().isQuiet());
  }

  @Override
  public long readConfig(int offset, int bytes) {
    if (offset == header.window()) {
      int length = header.windowLength();
      return length == 0 ? 0 : read(header.windowOffset(), length) & -1L >>> 64 - 8 * bytes;
    }
    return header.space().read(offset, bytes);
  }

  @Override
  public void writeConfig(int offset, int bytes, long value) {
    if (offset == header.window()) {
      int length = header.windowLength();
      if (length != 0) {
        write(header.windowOffset(), length, value & -1L >>> 64 - 8 * length);
      }
      return;
    }
    boolean isNewMaster;
    synchronized (pinLock) {
      boolean wasMaster = header.space().isMaster();
      boolean wasQuiet = header.space().isQuiet();
      header.space().write(offset, bytes, value);
      if (wasQuiet != header.space().isQuiet()) {
        setPin();
      }
      isNewMaster = !wasMaster && header.space().isMaster();
    }
    // One that is no master any more finishes what it has begun.
    if (isNewMaster) {
      core.serveAll();
    }
  }

  @Override
  public long read(long offset, int bytes) {
    if (offset >= NOTIFY) {
      return 0;
    }
    if (offset >= CONFIG) {
      return core.readConfig(offset - CONFIG, bytes);
    }
    return offset >= INTERRUPTS
        ? takeInterrupts(offset - INTERRUPTS)
        : readCommon((int) offset, bytes);
  }

  /** Reading takes the reasons back. */
  private long takeInterrupts(long offset) {
    synchronized (core) {
      int reasons = offset == 0 ? core.interrupts() : 0;
      core.acknowledge(reasons);
      return reasons;
    }
  }

  private long readCommon(int offset, int bytes) {
    if (bytes == Long.BYTES) {
      return readCommon(offset, HALF) | readCommon(offset + HALF, HALF) << 32;
    }
    synchronized (core) {
      VirtQueue queue = core.queue(selection.queue);
      // By offset and, in the last digit, width.
      return 0xffff_ffffL
          & switch (offset << 4 | bytes) {
            case 0x004 -> selection.deviceFeaturesWord;
            case 0x044 -> VirtioCore.word(core.offered(), selection.deviceFeaturesWord);
            case 0x084 -> selection.driverFeaturesWord;
            case 0x0c4 -> VirtioCore.word(core.driverFeatures(), selection.driverFeaturesWord);
            case 0x102, 0x1a2 -> NO_VECTOR;
            case 0x122 -> core.queueCount();
            case 0x141 -> core.status();
            case 0x151 -> core.generation() & 0xff;
            case 0x162 -> selection.queue;
            default -> queue == null ? 0 : readQueue(queue, offset << 4 | bytes);
          };
    }
  }

  private static int readQueue(VirtQueue queue, int register) {
    return switch (register) {
      case 0x182 -> queue.size();
      case 0x1c2 -> queue.ready() ? 1 : 0;
      case 0x1e2 -> queue.index();
      case 0x204 -> (int) queue.address(Area.DESCRIPTORS);
      case 0x244 -> (int) (queue.address(Area.DESCRIPTORS) >> 32);
      case 0x284 -> (int) queue.address(Area.AVAILABLE);
      case 0x2c4 -> (int) (queue.address(Area.AVAILABLE) >> 32);
      case 0x304 -> (int) queue.address(Area.USED);
      case 0x344 -> (int) (queue.address(Area.USED) >> 32);
      default -> 0;
    };
  }

  @Override
  public void write(long offset, int bytes, long value) {
    if (offset >= NOTIFY) {
      core.ring((int) (offset - NOTIFY) / VirtioPciHeader.NOTIFY_BYTES);
    } else if (offset >= CONFIG) {
      core.writeConfig(offset - CONFIG, bytes, value);
    } else if (offset < INTERRUPTS) {
      writeCommon((int) offset, bytes, value);
    }
  }

  private void writeCommon(int offset, int bytes, long value) {
    if (bytes == Long.BYTES) {
      writeCommon(offset, HALF, value & 0xffff_ffffL);
      writeCommon(offset + HALF, HALF, value >>> 32);
      return;
    }
    int register = offset << 4 | bytes;
    if (register == 0x141) {
      core.setStatus((int) value);
      return;
    }
    synchronized (core) {
      int word = (int) value;
      switch (register) {
        case 0x004 -> selection.deviceFeaturesWord = word;
        case 0x084 -> selection.driverFeaturesWord = word;
        case 0x0c4 -> core.setDriverFeatures(selection.driverFeaturesWord, word);
        case 0x162 -> selection.queue = word;
        default -> {
          VirtQueue queue = core.queue(selection.queue);
          if (queue != null) {
            writeQueue(queue, register, word);
          }
        }
      }
    }
  }

  private void writeQueue(VirtQueue queue, int register, int value) {
    switch (register) {
      case 0x182 -> queue.setSize(value);
      case 0x1c2 -> {
        // Nothing but a reset lets a queue go.
        if (value == 1) {
          core.setReady(queue, true);
        }
      }
      case 0x204, 0x244 -> queue.setAddress(Area.DESCRIPTORS, register == 0x244, value);
      case 0x284, 0x2c4 -> queue.setAddress(Area.AVAILABLE, register == 0x2c4, value);
      case 0x304, 0x344 -> queue.setAddress(Area.USED, register == 0x344, value);
      default -> {
        // Read-only or not there.
      }
    }
  }

  @Override
  public void reset() {
    header.space().reset();
    super.reset();
  }
}
