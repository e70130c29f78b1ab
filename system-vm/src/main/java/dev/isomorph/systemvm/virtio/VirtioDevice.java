package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.device.Snapshotable;
import dev.isomorph.systemvm.memory.Ram;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a virtio device does, however a driver reaches it. It says what it is and serves its queues;
 * negotiation, queues and interrupts are a transport's.
 */
public abstract class VirtioDevice implements Snapshotable {
  /**
   * What a device is.
   *
   * @param features bits of its own that it offers
   * @param queueSizes entries that each of its queues has at most, powers of two
   */
  public record Shape(DeviceType type, long features, List<Integer> queueSizes) {}

  private final String name;
  private volatile VirtioCore core;

  /**
   * @param name unique in the machine
   */
  protected VirtioDevice(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  /** The same each time. */
  public abstract Shape shape();

  /** The bytes of the device's configuration space as they are now, always as many. */
  public byte[] config() {
    return new byte[0];
  }

  /** The driver wrote a byte of the configuration space that {@link #config} has. */
  protected void configWritten(int offset, int value) {}

  /**
   * Does what there is to be done with a queue, after the driver or {@link #ring} has asked for it,
   * on a thread that may wait for the host; for each queue one at a time.
   */
  protected abstract void serve(VirtQueue queue);

  /**
   * Handles all buffers that there are.
   *
   * @param handler does it, and tells how many bytes it has written, from the start of the writable
   *     part; throws BadChain if the driver breaks the rules of the device, which then needs a
   *     reset
   */
  protected final void handleEach(VirtQueue queue, ToLongFunction<Chain> handler) {
    for (Chain chain = queue.take(); chain != null; chain = queue.take()) {
      try {
        queue.give(chain, handler.applyAsLong(chain));
      } catch (BadChain bad) {
        queue.refuse(chain, bad);
      }
    }
  }

  /** Forgets what belongs to the driver that has been. May be called while a queue is served. */
  protected void reset() {}

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void save(DataOutput out) throws IOException {}

  @Override
  public void restore(DataInput in, int version) throws IOException {}

  final void attach(VirtioCore to) {
    if (core != null) {
      throw new IllegalStateException(name + " is in the machine already");
    }
    core = to;
  }

  /** Whether the driver wants what {@code features} stand for. */
  protected final boolean negotiated(long features) {
    return core.negotiated(features);
  }

  /** The memory of the machine that the device is in. */
  protected final Ram ram() {
    return core.ram();
  }

  /** Whether a driver uses the device. */
  protected final boolean running() {
    VirtioCore in = core;
    return in != null && in.running();
  }

  /** Serves a queue soon; nothing before the device is part of a machine. */
  protected final void ring(int queue) {
    VirtioCore in = core;
    if (in != null) {
      in.ring(queue);
    }
  }

  /** Tells the driver that the configuration space has changed. */
  protected final void configChanged() {
    VirtioCore in = core;
    if (in != null) {
      in.configChanged();
    }
  }
}
