package dev.isomorph.systemvm.virtio;

import dev.isomorph.systemvm.memory.Ram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A buffer of the driver's: bytes the device may read, then bytes it may write, wherever in RAM
 * they are. Positions count from the first byte of either part.
 *
 * <p>Once the driver has reset the device or stopped the queue, writes go nowhere: the memory is
 * the driver's again.
 */
public final class Chain {
  private final VirtQueue queue;
  private final Ram ram;
  private final long epoch;
  private final int head;
  private final Segments readable;
  private final Segments writable;

  Chain(VirtQueue queue, Ram ram, long epoch, int head, Segments readable, Segments writable) {
    this.queue = queue;
    this.ram = ram;
    this.epoch = epoch;
    this.head = head;
    this.readable = readable;
    this.writable = writable;
  }

  int head() {
    return head;
  }

  long epoch() {
    return epoch;
  }

  /** How many bytes there are to read. */
  public long readable() {
    return readable.total();
  }

  /** How many bytes may be written. */
  public long writable() {
    return writable.total();
  }

  /**
   * Copies what the driver gave.
   *
   * @throws BadChain if there is less
   */
  public void read(long position, byte[] to, int offset, int length) {
    readable.forEach(
        position, length, (address, done, bytes) -> ram.read(address, to, offset + done, bytes));
  }

  /**
   * The {@code length} bytes from {@code position} on, little-endian.
   *
   * @throws BadChain if there are fewer
   */
  public ByteBuffer read(long position, int length) {
    byte[] bytes = new byte[length];
    read(position, bytes, 0, length);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Copies to where the driver wants an answer.
   *
   * @throws BadChain if there is less room
   */
  public void write(long position, byte[] from, int offset, int length) {
    queue.whileCurrent(
        epoch,
        () ->
            writable.forEach(
                position,
                length,
                (address, done, bytes) -> ram.write(address, from, offset + done, bytes)));
  }

  /** Writes one byte, as {@link #write(long, byte[], int, int)}. */
  public void write(long position, int value) {
    write(position, new byte[] {(byte) value}, 0, 1);
  }

  /** Gives the host the memory of the writable part back: all of its bytes may read as zeros. */
  void release() {
    queue.whileCurrent(
        epoch,
        () -> {
          for (int i = 0; i < writable.count(); i++) {
            ram.release(writable.address(i), writable.length(i));
          }
        });
  }
}
