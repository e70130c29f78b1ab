package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.fs.FdTable;

/**
 * What getdents64(2) answers for {@code /proc/self/fd}: the host's entries, those of the guest's
 * descriptors alone and under their guest's numbers.
 */
final class DescriptorListing {
  private DescriptorListing() {}

  // struct linux_dirent64: d_ino, d_off, d_reclen, d_type, d_name
  private static final int LENGTH = 16;
  private static final int NAME = 19;

  /** Rewrites {@code length} bytes of entries in place; returns how many are left. */
  static long translate(long entries, long length, FdTable fds) {
    long from = entries;
    long to = entries;
    while (from < entries + length) {
      int size = HostMemory.getShort(from + LENGTH) & 0xffff;
      int host = number(from + NAME);
      int descriptor = host < 0 ? -1 : fds.guestOf(host);
      boolean isDots = HostMemory.getByte(from + NAME) == '.';
      String name = Integer.toString(Math.max(0, descriptor));
      // A longer number than the entry has room for would need the next one to move.
      if (isDots || descriptor >= 0 && NAME + name.length() < size) {
        if (to != from) {
          HostMemory.copy(from, to, size);
        }
        if (!isDots) {
          HostMemory.putString(to + NAME, name);
        }
        to += size;
      }
      from += size;
    }
    return to - entries;
  }

  private static int number(long text) {
    int value = 0;
    for (int i = 0; i < 9; i++) {
      byte digit = HostMemory.getByte(text + i);
      if (digit == 0) {
        return i == 0 ? -1 : value;
      }
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = 10 * value + digit - '0';
    }
    return -1;
  }
}
