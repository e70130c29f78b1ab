package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.memory.Ram;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Memory that the guest gives back (virtio 1.2, section 5.5): as much as it is asked to, and, where
 * its driver can, pages it does not use. What has been given back reads as zeros and costs the host
 * nothing until it is written.
 */
public final class VirtioBalloon extends VirtioDevice {
  /** Bytes of the pages in which a balloon is counted. */
  public static final int PAGE = 4096;

  static final long DEFLATE_ON_OOM = 1L << 2;
  static final long PAGE_REPORTING = 1L << 5;

  static final int INFLATE = 0;
  static final int DEFLATE = 1;

  /** Queues of features that are not offered are not counted. */
  static final int REPORTING = 2;

  private static final int NUMBERS_AT_ONCE = 1024;
  private static final int ACTUAL = 4;

  private static final Shape SHAPE =
      new Shape(DeviceType.BALLOON, DEFLATE_ON_OOM | PAGE_REPORTING, List.of(128, 128, 32));

  private int wanted;
  private int actual;

  public VirtioBalloon(String name) {
    super(name);
  }

  @Override
  public Shape shape() {
    return SHAPE;
  }

  @Override
  public synchronized byte[] config() {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(wanted)
        .putInt(actual)
        .array();
  }

  @Override
  protected synchronized void configWritten(int offset, int value) {
    if (offset >= ACTUAL) {
      int shift = 8 * (offset - ACTUAL);
      actual = actual & ~(0xff << shift) | value << shift;
    }
  }

  /** Asks the guest to have given back {@code bytes} in all; for devices of a machine. */
  public void request(long bytes) {
    synchronized (this) {
      wanted = (int) (Math.clamp(bytes, 0, ram().size()) / PAGE);
    }
    configChanged();
  }

  /** Bytes that the guest says it has given back. */
  public synchronized long given() {
    return (actual & 0xffff_ffffL) * PAGE;
  }

  @Override
  protected void serve(VirtQueue queue) {
    handleEach(
        queue,
        switch (queue.index()) {
          case INFLATE -> this::inflate;
          case DEFLATE -> chain -> 0; // what is written comes back by itself
          default -> this::report;
        });
  }

  /** Releases the pages of which a buffer has the numbers. */
  private long inflate(Chain chain) {
    Ram ram = ram();
    int numbers = 0;
    for (long at = 0;
        at + Integer.BYTES <= chain.readable();
        at += (long) numbers * Integer.BYTES) {
      numbers = (int) Math.min(NUMBERS_AT_ONCE, (chain.readable() - at) / Integer.BYTES);
      ByteBuffer pages = chain.read(at, numbers * Integer.BYTES);
      for (int i = 0; i < numbers; i++) {
        long address = (pages.getInt(i * Integer.BYTES) & 0xffff_ffffL) * PAGE;
        if (ram.contains(address, PAGE)) {
          ram.release(address, PAGE);
        }
      }
    }
    return 0;
  }

  /** Releases the memory of the buffer itself. */
  private long report(Chain chain) {
    chain.release();
    return 0;
  }

  @Override
  protected synchronized void reset() {
    actual = 0;
  }

  @Override
  public synchronized void save(DataOutput out) throws IOException {
    out.writeInt(wanted);
    out.writeInt(actual);
  }

  @Override
  public synchronized void restore(DataInput in, int version) throws IOException {
    wanted = in.readInt();
    actual = in.readInt();
  }
}
