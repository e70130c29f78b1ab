package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/**
 * Host memory for what one system call hands to the kernel in another form than the guest gave it.
 * All of it is free again when the next call begins.
 */
final class Scratch {
  /** Pages are only used when touched, so this is a limit rather than a cost. */
  private static final long SIZE = 64L << 20;

  private long start;
  private long used;

  void reset() {
    used = 0;
  }

  /** Gives the memory back; nothing may be taken any more. */
  void release() {
    if (start != 0) {
      HostMemory.free(start, SIZE);
      start = 0;
    }
  }

  /** Returns the address of {@code length} bytes of any content, aligned to 16. */
  long take(long length) {
    if (start == 0) {
      start = HostMemory.allocate(SIZE);
    }
    if (length < 0 || length > SIZE - used) {
      throw new CallFailure(Errno.ENOMEM);
    }
    long address = start + used;
    used += length + 15 & -16L;
    return address;
  }

  /** Returns the address of {@code length} zero bytes. */
  long zeroed(long length) {
    long address = take(length);
    HostMemory.fill(address, length, (byte) 0);
    return address;
  }

  /** Returns the address of a NUL-terminated copy of a string of one byte per char. */
  long string(String text) {
    long address = take(text.length() + 1L);
    HostMemory.putString(address, text);
    return address;
  }
}
