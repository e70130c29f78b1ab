package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.memory.Ram;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * A split virtqueue as the device sees it (virtio 1.2, section 2.7). A guest's mistake puts the
 * whole device into the state in which it needs a reset; then, as before the driver is ready, a
 * queue is as good as empty.
 */
public final class VirtQueue {
  private static final int RING = 4;
  private static final int AVAILABLE_BYTES = 2;
  private static final int USED_BYTES = 8;
  private static final int NO_INTERRUPT = 1;

  private final VirtioCore core;
  private final Ram ram;
  private final int index;
  private final int maximum;
  private final Doorbell doorbell;

  // All below is guarded by the core.
  private int size;
  private long descriptors;
  private long available;
  private long used;
  private boolean ready;
  private int nextAvailable;
  private int nextUsed;
  // Changes when buffers taken before are the driver's again.
  private long epoch;

  VirtQueue(VirtioCore core, int index, int maximum, Doorbell doorbell) {
    this.core = core;
    this.ram = core.ram();
    this.index = index;
    this.maximum = maximum;
    this.doorbell = doorbell;
    this.size = maximum;
  }

  /** Which of the device's queues this is. */
  public int index() {
    return index;
  }

  /** Makes the device serve the queue soon. */
  public void ring() {
    doorbell.ring();
  }

  /**
   * Takes the next buffer of the driver's.
   *
   * @return null if there is none; the driver then tells when there is one
   */
  public Chain take() {
    synchronized (core) {
      if (!core.serving() || !ready) {
        return null;
      }
      try {
        if (pending() == 0) {
          askForNotification();
          if (pending() == 0) {
            return null;
          }
        }
        VarHandle.acquireFence();
        int head = ram.getShort(available + RING + slot(nextAvailable, AVAILABLE_BYTES));
        ChainReader reader = new ChainReader(ram, core.negotiated(Feature.INDIRECT_DESCRIPTORS));
        reader.follow(descriptors, size, head);
        nextAvailable = nextAvailable + 1 & 0xffff;
        return new Chain(this, ram, epoch, head, reader.readable(), reader.writable());
      } catch (BadChain bad) {
        core.needReset(bad.getMessage());
        return null;
      }
    }
  }

  /** Takes back the {@code count} buffers taken last: they will be the next again. */
  void putBack(List<Chain> chains) {
    synchronized (core) {
      if (!chains.isEmpty() && chains.getFirst().epoch() == epoch) {
        nextAvailable = nextAvailable - chains.size() & 0xffff;
      }
    }
  }

  /**
   * Gives a buffer back to the driver.
   *
   * @param written bytes from the beginning of its writable part that have been written
   */
  public void give(Chain chain, long written) {
    give(List.of(chain), new long[] {written});
  }

  /** Gives several back at once: the driver sees all or none. */
  void give(List<Chain> chains, long[] written) {
    synchronized (core) {
      if (!core.running() || chains.getFirst().epoch() != epoch) {
        return;
      }
      int before = nextUsed;
      for (int i = 0; i < written.length; i++) {
        long element = used + RING + slot(nextUsed, USED_BYTES);
        ram.putInt(element, chains.get(i).head());
        ram.putInt(element + 4, (int) written[i]);
        nextUsed = nextUsed + 1 & 0xffff;
      }
      VarHandle.releaseFence();
      ram.putShort(used + 2, nextUsed);
      // The driver's wish for an interrupt is to be read after it can see the new index.
      VarHandle.fullFence();
      if (interruptWanted(before)) {
        core.interrupt(VirtioCore.USED_BUFFER);
      }
    }
  }

  /** Declares that the driver broke the rules of this device by a buffer. */
  void refuse(Chain chain, BadChain bad) {
    whileCurrent(chain.epoch(), () -> core.needReset(bad.getMessage()));
  }

  void whileCurrent(long chainEpoch, Runnable action) {
    synchronized (core) {
      if (chainEpoch == epoch && core.running()) {
        action.run();
      }
    }
  }

  int maximum() {
    return maximum;
  }

  boolean ready() {
    return ready;
  }

  /** Entries, as the driver has set them. */
  int size() {
    return size;
  }

  long address(Area area) {
    return switch (area) {
      case DESCRIPTORS -> descriptors;
      case AVAILABLE -> available;
      case USED -> used;
    };
  }

  void awaitSilence() throws InterruptedException {
    doorbell.awaitSilence();
  }

  void setSize(int entries) {
    if (!ready) {
      size = entries;
    }
  }

  /** Sets half of one of the three addresses, in the order of virtio's registers. */
  void setAddress(Area area, boolean high, int value) {
    if (ready) {
      return;
    }
    switch (area) {
      case DESCRIPTORS -> descriptors = half(descriptors, high, value);
      case AVAILABLE -> available = half(available, high, value);
      case USED -> used = half(used, high, value);
    }
  }

  /** The three parts of a queue. */
  enum Area {
    DESCRIPTORS,
    AVAILABLE,
    USED
  }

  /**
   * Begins to use the queue, from its first entry.
   *
   * @throws BadChain if it cannot be one
   */
  void start() {
    if (!ready) {
      requireSound();
      nextAvailable = 0;
      nextUsed = 0;
      ready = true;
    }
  }

  /** Lets the queue's memory go. */
  void stop() {
    ready = false;
    epoch++;
  }

  void reset() {
    stop();
    size = maximum;
    descriptors = 0;
    available = 0;
    used = 0;
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(size);
    out.writeLong(descriptors);
    out.writeLong(available);
    out.writeLong(used);
    out.writeBoolean(ready);
    out.writeShort(nextAvailable);
    out.writeShort(nextUsed);
  }

  void restore(DataInput in) throws IOException {
    reset();
    size = in.readInt();
    descriptors = in.readLong();
    available = in.readLong();
    used = in.readLong();
    boolean wasReady = in.readBoolean();
    try {
      if (wasReady) {
        start();
      }
    } catch (BadChain bad) {
      throw new IOException("queue " + index + ": " + bad.getMessage(), bad);
    }
    nextAvailable = in.readUnsignedShort();
    nextUsed = in.readUnsignedShort();
  }

  private void requireSound() {
    if (size < 1 || size > maximum || Integer.bitCount(size) != 1) {
      throw new BadChain("queue " + index + " of " + Integer.toUnsignedString(size) + " entries");
    }
    requireArea(descriptors, 16, 16L * size);
    requireArea(available, 2, 6 + (long) AVAILABLE_BYTES * size);
    requireArea(used, 4, 6 + (long) USED_BYTES * size);
  }

  private void requireArea(long address, int alignment, long bytes) {
    if ((address & (alignment - 1)) != 0 || !ram.contains(address, bytes)) {
      throw new BadChain("queue " + index + " is not in RAM or not aligned");
    }
  }

  private int pending() {
    int count = ram.getShort(available + 2) - nextAvailable & 0xffff;
    if (count > size) {
      throw new BadChain(count + " buffers in a queue of " + size);
    }
    return count;
  }

  private void askForNotification() {
    if (core.negotiated(Feature.EVENT_INDEX)) {
      ram.putShort(used + RING + (long) USED_BYTES * size, nextAvailable);
      VarHandle.fullFence();
    }
  }

  private boolean interruptWanted(int before) {
    if (!core.negotiated(Feature.EVENT_INDEX)) {
      return (ram.getShort(available) & NO_INTERRUPT) == 0;
    }
    int event = ram.getShort(available + RING + (long) AVAILABLE_BYTES * size);
    // Whether the index has passed the event since before, in arithmetic modulo 65536.
    return (nextUsed - event - 1 & 0xffff) < (nextUsed - before & 0xffff);
  }

  private long slot(int counter, int bytes) {
    return (long) bytes * (counter & (size - 1));
  }

  private static long half(long old, boolean high, int value) {
    return high
        ? old & 0xffff_ffffL | (long) value << 32
        : old & 0xffff_ffff_0000_0000L | value & 0xffff_ffffL;
  }
}
