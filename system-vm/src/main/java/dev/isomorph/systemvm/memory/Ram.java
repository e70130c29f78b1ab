package dev.isomorph.systemvm.memory;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.SharedMemory;

/**
 * The machine's main memory: one stretch of guest physical addresses, backed by host memory that
 * costs nothing until it is touched. Every access of Java's goes through the checks made here, so
 * that no device reaches beyond it, whatever a guest's descriptors say. Little-endian.
 */
public final class Ram implements AutoCloseable {
  private static final long PAGE = 4096;

  private final long base;
  private final long size;
  private final SharedMemory memory;
  private final long host;
  private volatile WriteListener listener = (address, length) -> {};

  /** Hears of what devices write, since there may be code there. */
  public interface WriteListener {
    /** Guest physical [address, address + length) has been written. */
    void written(long address, long length);
  }

  /**
   * Memory of which there are no aliases.
   *
   * @param base guest physical address of the first byte, a multiple of 4096
   * @param size bytes, a multiple of 4096
   */
  public Ram(long base, long size) {
    this(base, size, false);
  }

  /**
   * As {@link #Ram(long, long)}.
   *
   * @param shared whether there may be {@linkplain SharedMemory aliases} of it
   */
  public Ram(long base, long size, boolean shared) {
    this.base = base;
    this.size = size;
    memory = new SharedMemory(size, shared);
    host = memory.address();
  }

  /** The host's memory that it is. */
  public SharedMemory memory() {
    return memory;
  }

  /** Guest physical address of the first byte. */
  public long base() {
    return base;
  }

  /** Bytes. */
  public long size() {
    return size;
  }

  /** Whether all of [address, address + length) is here. */
  public boolean contains(long address, long length) {
    long offset = address - base;
    return offset >= 0 && length >= 0 && offset <= size && length <= size - offset;
  }

  /**
   * The host address of a guest physical one; good up to the end of RAM and no further.
   *
   * @throws OutsideRam if [address, address + length) is not all here
   */
  public long hostAddress(long address, long length) {
    if (!contains(address, length)) {
      throw new OutsideRam(address, length);
    }
    return host + (address - base);
  }

  /** From now on {@code listener} hears of writes by the methods of this class. */
  public void onWrite(WriteListener listener) {
    this.listener = listener;
  }

  public int getByte(long address) {
    return HostMemory.getByte(hostAddress(address, 1)) & 0xff;
  }

  public int getShort(long address) {
    return HostMemory.getShort(hostAddress(address, 2)) & 0xffff;
  }

  public int getInt(long address) {
    return HostMemory.getInt(hostAddress(address, 4));
  }

  public long getLong(long address) {
    return HostMemory.getLong(hostAddress(address, 8));
  }

  public void putByte(long address, int value) {
    HostMemory.putByte(hostAddress(address, 1), (byte) value);
    listener.written(address, 1);
  }

  public void putShort(long address, int value) {
    HostMemory.putShort(hostAddress(address, 2), (short) value);
    listener.written(address, 2);
  }

  public void putInt(long address, int value) {
    HostMemory.putInt(hostAddress(address, 4), value);
    listener.written(address, 4);
  }

  public void putLong(long address, long value) {
    HostMemory.putLong(hostAddress(address, 8), value);
    listener.written(address, 8);
  }

  /** Atomically puts a value in place of the expected one; false if there was another. */
  public boolean compareAndSetInt(long address, int expected, int value) {
    boolean set = HostMemory.compareAndSetInt(hostAddress(address, 4), expected, value);
    if (set) {
      listener.written(address, 4);
    }
    return set;
  }

  /** Replaces a doubleword if it is as expected, atomically. */
  public boolean compareAndSetLong(long address, long expected, long value) {
    boolean set = HostMemory.compareAndSetLong(hostAddress(address, 8), expected, value);
    if (set) {
      listener.written(address, 8);
    }
    return set;
  }

  /** Reads guest memory. */
  public void read(long address, byte[] to, int offset, int length) {
    HostMemory.copyOut(hostAddress(address, length), to, offset, length);
  }

  /** Whether a page may be other than zero; asking costs no memory, as reading it may. */
  public boolean isUsed(long page) {
    return memory.isBacked(hostAddress(page, PAGE));
  }

  /** Writes guest memory. */
  public void write(long address, byte[] from, int offset, int length) {
    HostMemory.copyIn(from, offset, hostAddress(address, length), length);
    listener.written(address, length);
  }

  /** Writes zeros. */
  public void clear(long address, long length) {
    HostMemory.fill(hostAddress(address, length), length, (byte) 0);
    listener.written(address, length);
  }

  /** Makes bytes zero, and gives the host the whole pages among them back. */
  public void release(long address, long length) {
    long start = hostAddress(address, length);
    long firstPage = (start + PAGE - 1) / PAGE * PAGE;
    long end = (start + length) / PAGE * PAGE;
    if (end <= firstPage) {
      clear(address, length);
      return;
    }
    HostMemory.fill(start, firstPage - start, (byte) 0);
    memory.release(firstPage, end - firstPage);
    HostMemory.fill(end, start + length - end, (byte) 0);
    listener.written(address, length);
  }

  @Override
  public void close() {
    memory.close();
  }
}
