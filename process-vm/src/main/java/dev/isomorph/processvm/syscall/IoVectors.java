package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/** Arrays of struct iovec: the same on both architectures but for the pointers in them. */
final class IoVectors {
  static final int BYTES = 16;

  /** Most elements the kernel takes (linux/uio.h). */
  static final int MOST = 1024;

  private IoVectors() {}

  /** Returns the host address of a copy of a guest's array with the host's pointers. */
  static long translate(Guest guest, long pointer, long count) {
    if (count < 0 || count > MOST) {
      throw new CallFailure(Errno.EINVAL);
    }
    long vector = guest.scratch.take(count * BYTES);
    guest.memory.copyIn(pointer, vector, count * BYTES);
    for (long at = vector; at < vector + count * BYTES; at += BYTES) {
      long length = HostMemory.getLong(at + 8);
      if (length < 0) {
        throw new CallFailure(Errno.EINVAL);
      }
      long start = HostMemory.getLong(at);
      HostMemory.putLong(at, length == 0 ? 0 : guest.memory.pass(start, length));
    }
    return vector;
  }
}
