package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.device.InterruptLine;
import dev.isomorph.systemvm.memory.Ram;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * What all transports share of a device: its status, the negotiation of features, its queues and
 * why it interrupts (virtio 1.2, sections 2.1 to 2.5 and 3.1). Its monitor guards all of that and
 * is never held while the host is waited for.
 */
final class VirtioCore {
  /** Interrupt reason: a buffer has been used. */
  static final int USED_BUFFER = 1;

  /** Interrupt reason: the configuration space or the status has changed. */
  static final int CONFIGURATION = 2;

  private final VirtioDevice device;
  private final Ram ram;
  private final InterruptLine line;
  private final BooleanSupplier mayReachMemory;
  private final List<VirtQueue> queues = new ArrayList<>();
  private final long offered;

  private int status;
  private long driverFeatures;
  private int interrupts;
  private int generation;
  private boolean paused;
  private String complaint = "";

  /**
   * @param mayReachMemory whether the bus lets the device take buffers; once it does again, {@link
   *     #serveAll} is to be called
   */
  VirtioCore(
      VirtioDevice device,
      Ram ram,
      InterruptLine line,
      Executor executor,
      BooleanSupplier mayReachMemory) {
    this.device = device;
    this.ram = ram;
    this.line = line;
    this.mayReachMemory = mayReachMemory;
    VirtioDevice.Shape shape = device.shape();
    offered = shape.features() | Feature.COMMON;
    for (int size : shape.queueSizes()) {
      int index = queues.size();
      queues.add(
          new VirtQueue(
              this, index, size, new Doorbell(executor, () -> device.serve(queues.get(index)))));
    }
    device.attach(this);
  }

  VirtioDevice device() {
    return device;
  }

  Ram ram() {
    return ram;
  }

  long offered() {
    return offered;
  }

  synchronized long driverFeatures() {
    return driverFeatures;
  }

  /** One of the words of 32 bits that features come in; there are two. */
  static int word(long bits, int index) {
    return index == 0 || index == 1 ? (int) (bits >>> 32 * index) : 0;
  }

  /** Reads from the device's configuration space; behind its end there are zeros. */
  long readConfig(long offset, int bytes) {
    byte[] config = device.config();
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      long at = offset + i;
      value = value << 8 | (at < config.length ? config[(int) at] & 0xff : 0);
    }
    return value;
  }

  /** Writes to the device's configuration space. */
  void writeConfig(long offset, int bytes, long value) {
    int length = device.config().length;
    for (int i = 0; i < bytes; i++) {
      if (offset + i < length) {
        device.configWritten((int) offset + i, (int) (value >>> 8 * i) & 0xff);
      }
    }
  }

  int queueCount() {
    return queues.size();
  }

  /** Null if there is no such queue. */
  VirtQueue queue(int index) {
    return index >= 0 && index < queues.size() ? queues.get(index) : null;
  }

  /** Whether buffers may be used. */
  synchronized boolean running() {
    return (status & (Status.DRIVER_OK | Status.NEEDS_RESET)) == Status.DRIVER_OK;
  }

  /** Whether the device may take buffers that the driver offers. */
  synchronized boolean serving() {
    return running() && !paused && mayReachMemory.getAsBoolean();
  }

  synchronized boolean negotiated(long features) {
    return (status & Status.FEATURES_OK) != 0 && (driverFeatures & features) == features;
  }

  synchronized int status() {
    return status;
  }

  synchronized int interrupts() {
    return interrupts;
  }

  synchronized int generation() {
    return generation;
  }

  /** What the driver did wrong last; empty if nothing. */
  synchronized String complaint() {
    return complaint;
  }

  /** Sets 32 of the features that the driver wants. */
  synchronized void setDriverFeatures(int word, int bits) {
    if ((status & Status.FEATURES_OK) == 0 && (word == 0 || word == 1)) {
      long mask = 0xffff_ffffL << 32 * word;
      driverFeatures = driverFeatures & ~mask | (long) bits << 32 * word & mask;
    }
  }

  /** A write to the status: zero resets; nothing else takes a bit back. */
  void setStatus(int value) {
    if (value == 0) {
      reset();
      return;
    }
    boolean starts;
    synchronized (this) {
      int added = value & Status.OF_DRIVER & ~status;
      if ((added & Status.FEATURES_OK) != 0 && !acceptable()) {
        added &= ~Status.FEATURES_OK;
      }
      if (((status | added) & Status.FEATURES_OK) == 0) {
        added &= ~Status.DRIVER_OK;
      }
      status |= added;
      starts = (added & Status.DRIVER_OK) != 0;
    }
    if (starts) {
      // Drivers may have offered buffers before, and need not tell again.
      ringAll();
    }
  }

  private void ringAll() {
    for (VirtQueue queue : queues) {
      queue.ring();
    }
  }

  void reset() {
    synchronized (this) {
      status = 0;
      driverFeatures = 0;
      acknowledge(-1);
      for (VirtQueue queue : queues) {
        queue.reset();
      }
    }
    device.reset();
  }

  synchronized void setReady(VirtQueue queue, boolean ready) {
    if (!ready) {
      queue.stop();
      return;
    }
    try {
      queue.start();
    } catch (BadChain bad) {
      needReset(bad.getMessage());
    }
  }

  void ring(int index) {
    VirtQueue queue = queue(index);
    if (queue != null && running()) {
      queue.ring();
    }
  }

  synchronized void configChanged() {
    generation++;
    if ((status & Status.DRIVER_OK) != 0) {
      interrupt(CONFIGURATION);
    }
  }

  /** Gives up until the driver resets the device. */
  synchronized void needReset(String why) {
    complaint = why;
    status |= Status.NEEDS_RESET;
    if ((status & Status.DRIVER_OK) != 0) {
      interrupt(CONFIGURATION);
    }
  }

  synchronized void interrupt(int reason) {
    interrupts |= reason;
    line.set(true);
  }

  synchronized void acknowledge(int reasons) {
    interrupts &= ~reasons;
    line.set(interrupts != 0);
  }

  /** Waits until nothing is under way any more. */
  void awaitSilence() throws IOException {
    try {
      for (VirtQueue queue : queues) {
        queue.awaitSilence();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(device.name() + ": interrupted", e);
    }
  }

  /** Takes no more buffers, and waits until those that have been taken are given back. */
  void pause() throws IOException {
    synchronized (this) {
      paused = true;
    }
    awaitSilence();
  }

  /** Serves all that waits. */
  void resume() {
    synchronized (this) {
      paused = false;
    }
    serveAll();
  }

  /** Serves what drivers have offered and not told of, or told of in vain. */
  void serveAll() {
    if (running()) {
      ringAll();
    }
  }

  /** Writes the state, while paused. */
  void save(DataOutput out) throws IOException {
    synchronized (this) {
      out.writeInt(status);
      out.writeLong(driverFeatures);
      out.writeInt(interrupts);
      out.writeInt(generation);
      for (VirtQueue queue : queues) {
        queue.save(out);
      }
    }
    device.save(out);
  }

  void restore(DataInput in, int version) throws IOException {
    reset();
    synchronized (this) {
      status = in.readInt();
      driverFeatures = in.readLong();
      interrupts = in.readInt();
      generation = in.readInt();
      if ((driverFeatures & ~offered) != 0) {
        throw new IOException(device.name() + ": saved with features it does not have here");
      }
      for (VirtQueue queue : queues) {
        queue.restore(in);
      }
      line.set(interrupts != 0);
    }
    device.restore(in, version);
  }

  /** A driver that looks at the first 32 features only is served as any other. */
  private boolean acceptable() {
    return (driverFeatures & ~offered) == 0;
  }
}
