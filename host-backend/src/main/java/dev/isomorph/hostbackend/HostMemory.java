package dev.isomorph.hostbackend;

import java.util.Objects;
import jdk.internal.misc.Unsafe;

/**
 * Memory of the host process by absolute address: the only door from Java to memory outside the
 * heap.
 *
 * <p>Nothing here is checked. An address that is not mapped with the needed rights kills the JVM
 * or, in memory whose faults are {@linkplain dev.isomorph.hostbackend.signal.FaultHandler#tolerate
 * tolerated}, is an {@link InternalError}; so a guest pointer is to be checked against the guest's
 * own map of its memory first. Values are in the host's byte order, little-endian. Plain accesses
 * of aligned values are single accesses; for what other threads or signal handlers write, use the
 * {@code Volatile} forms, which are sequentially consistent.
 */
public final class HostMemory {
  private static final Unsafe UNSAFE = Unsafe.getUnsafe();
  private static final long BYTES = Unsafe.ARRAY_BYTE_BASE_OFFSET;

  private HostMemory() {}

  /** Returns zeroed, page-aligned memory, backed by real pages only where it is touched. */
  public static long allocate(long size) {
    return HostCalls.check(
        HostCalls.syscall(
            HostLinux.MMAP,
            0,
            size,
            HostLinux.PROT_READ | HostLinux.PROT_WRITE,
            HostLinux.MAP_PRIVATE | HostLinux.MAP_ANONYMOUS | HostLinux.MAP_NORESERVE,
            -1,
            0),
        "allocating host memory");
  }

  /** Gives back what {@link #allocate} returned for that size. */
  public static void free(long address, long size) {
    HostCalls.check(
        HostCalls.syscall(HostLinux.MUNMAP, address, size, 0, 0, 0, 0), "freeing host memory");
  }

  /**
   * Gives whole pages of what {@link #allocate} returned back to the host; they read as zeros, and
   * are backed again where they are touched.
   */
  public static void release(long address, long size) {
    HostCalls.check(
        HostCalls.syscall(HostLinux.MADVISE, address, size, HostLinux.MADV_DONTNEED, 0, 0, 0),
        "giving back host memory");
  }

  public static byte getByte(long address) {
    return UNSAFE.getByte(address);
  }

  public static short getShort(long address) {
    return UNSAFE.getShort(address);
  }

  public static int getInt(long address) {
    return UNSAFE.getInt(address);
  }

  public static long getLong(long address) {
    return UNSAFE.getLong(address);
  }

  public static void putByte(long address, byte value) {
    UNSAFE.putByte(address, value);
  }

  public static void putShort(long address, short value) {
    UNSAFE.putShort(address, value);
  }

  public static void putInt(long address, int value) {
    UNSAFE.putInt(address, value);
  }

  public static void putLong(long address, long value) {
    UNSAFE.putLong(address, value);
  }

  /** Puts eight bytes into an array, which is not checked to have room for them. */
  public static void putLong(byte[] array, int offset, long value) {
    UNSAFE.putLong(array, BYTES + offset, value);
  }

  public static byte getByteVolatile(long address) {
    return UNSAFE.getByteVolatile(null, address);
  }

  public static int getIntVolatile(long address) {
    return UNSAFE.getIntVolatile(null, address);
  }

  public static long getLongVolatile(long address) {
    return UNSAFE.getLongVolatile(null, address);
  }

  public static void putByteVolatile(long address, byte value) {
    UNSAFE.putByteVolatile(null, address, value);
  }

  public static void putIntVolatile(long address, int value) {
    UNSAFE.putIntVolatile(null, address, value);
  }

  public static void putLongVolatile(long address, long value) {
    UNSAFE.putLongVolatile(null, address, value);
  }

  /** Stores {@code value} if {@code expected} is there; the address must be aligned. */
  public static boolean compareAndSetInt(long address, int expected, int value) {
    return UNSAFE.compareAndSetInt(null, address, expected, value);
  }

  /** Stores {@code value} if {@code expected} is there; the address must be aligned. */
  public static boolean compareAndSetLong(long address, long expected, long value) {
    return UNSAFE.compareAndSetLong(null, address, expected, value);
  }

  public static int getAndSetInt(long address, int value) {
    return UNSAFE.getAndSetInt(null, address, value);
  }

  public static long getAndSetLong(long address, long value) {
    return UNSAFE.getAndSetLong(null, address, value);
  }

  public static int getAndAddInt(long address, int delta) {
    return UNSAFE.getAndAddInt(null, address, delta);
  }

  public static long getAndAddLong(long address, long delta) {
    return UNSAFE.getAndAddLong(null, address, delta);
  }

  /** Copies {@code length} bytes of {@code source} from index {@code offset} on to host memory. */
  public static void copyIn(byte[] source, int offset, long destination, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    UNSAFE.copyMemory(source, BYTES + offset, null, destination, length);
  }

  /** Copies {@code length} bytes of host memory to {@code destination} from {@code offset} on. */
  public static void copyOut(long source, byte[] destination, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, destination.length);
    UNSAFE.copyMemory(null, source, destination, BYTES + offset, length);
  }

  /** Writes a string of one byte per char, and a NUL behind it. */
  public static void putString(long address, String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      putByte(address + i, (byte) text.charAt(i));
    }
    putByte(address + length, (byte) 0);
  }

  /** Reads bytes as a string of one byte per char. */
  public static String getString(long address, int length) {
    char[] chars = new char[length];
    for (int i = 0; i < length; i++) {
      chars[i] = (char) (getByte(address + i) & 0xff);
    }
    return new String(chars);
  }

  /** Copies within host memory; the ranges may overlap. */
  public static void copy(long source, long destination, long length) {
    UNSAFE.copyMemory(source, destination, length);
  }

  /** Sets {@code length} bytes to {@code value}. */
  public static void fill(long address, long length, byte value) {
    UNSAFE.setMemory(address, length, value);
  }
}
