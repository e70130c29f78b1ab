package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.memory.AddressSpace;

/**
 * Guest memory as the kernel sees it: every access is checked first, and one that may not be made
 * ends the call with EFAULT.
 */
final class UserMemory {
  /** Longest path, with its final NUL (linux/limits.h). */
  static final int PATH_MAX = 4096;

  private final AddressSpace space;
  private final long base;

  UserMemory(AddressSpace space) {
    this.space = space;
    this.base = space.windowBase();
  }

  /** Host address of guest address 0. */
  long base() {
    return base;
  }

  /**
   * Returns the host address for a pointer that only the host's kernel will follow, which checks
   * for itself what is mapped. The null pointer stays null.
   */
  long pass(long pointer, long length) {
    if (pointer == 0) {
      return 0;
    }
    if (!space.inWindow(pointer, length)) {
      throw CallFailure.fault();
    }
    return base + pointer;
  }

  /** Returns the host address of guest memory that may be read. */
  long readable(long pointer, long length) {
    if (!space.readable(pointer, length)) {
      throw CallFailure.fault();
    }
    return base + pointer;
  }

  /** Returns the host address of guest memory that may be written. */
  long writable(long pointer, long length) {
    if (!space.writable(pointer, length)) {
      throw CallFailure.fault();
    }
    return base + pointer;
  }

  boolean isReadable(long pointer, long length) {
    return space.readable(pointer, length);
  }

  int getInt(long pointer) {
    return HostMemory.getInt(readable(pointer, Integer.BYTES));
  }

  long getLong(long pointer) {
    return HostMemory.getLong(readable(pointer, Long.BYTES));
  }

  void putInt(long pointer, int value) {
    HostMemory.putInt(writable(pointer, Integer.BYTES), value);
  }

  void putLong(long pointer, long value) {
    HostMemory.putLong(writable(pointer, Long.BYTES), value);
  }

  /** Copies guest memory to a host address. */
  void copyIn(long pointer, long host, long length) {
    if (length != 0) {
      HostMemory.copy(readable(pointer, length), host, length);
    }
  }

  /** Copies from a host address to guest memory. */
  void copyOut(long host, long pointer, long length) {
    if (length != 0) {
      HostMemory.copy(host, writable(pointer, length), length);
    }
  }

  /** Copies bytes to guest memory. */
  void copyOut(byte[] bytes, int length, long pointer) {
    if (length != 0) {
      HostMemory.copyIn(bytes, 0, writable(pointer, length), length);
    }
  }

  /** Reads a path; one byte per char. Too long a one ends the call with ENAMETOOLONG. */
  String path(long pointer) {
    String path = string(pointer, PATH_MAX);
    if (path == null) {
      throw new CallFailure(Errno.ENAMETOOLONG);
    }
    return path;
  }

  /** Reads a string up to its NUL; null if it has none within {@code limit} bytes. */
  String string(long pointer, int limit) {
    String text = beginning(pointer, limit);
    return text.length() == limit ? null : text;
  }

  /** Reads a string up to its NUL, or its first {@code limit} bytes. */
  String beginning(long pointer, int limit) {
    StringBuilder text = new StringBuilder();
    long at = pointer;
    while (text.length() < limit) {
      int chunk = (int) (AddressSpace.PAGE - (at & (AddressSpace.PAGE - 1)));
      long host = readable(at, chunk);
      for (int i = 0; i < chunk && text.length() < limit; i++) {
        byte next = HostMemory.getByte(host + i);
        if (next == 0) {
          return text.toString();
        }
        text.append((char) (next & 0xff));
      }
      at += chunk;
    }
    return text.toString();
  }
}
