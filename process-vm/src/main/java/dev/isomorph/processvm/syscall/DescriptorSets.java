package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/** The three fd_sets of select(2), as the guest numbers descriptors and as the host does. */
final class DescriptorSets {
  private final Guest guest;
  private final int guestCount;
  private final int words;
  private final long[][] wanted = new long[3][];
  private final long[] hostSets = new long[3];
  private int hostCount;

  /**
   * Makes empty sets.
   *
   * @param guestCount the guest's descriptors are below this
   */
  DescriptorSets(Guest guest, int guestCount) {
    this.guest = guest;
    this.guestCount = guestCount;
    this.words = (guestCount + 63) / 64;
  }

  /** Reads the guest's set at {@code pointer}, none if that is null. */
  void read(int which, long pointer) {
    if (pointer == 0) {
      return;
    }
    long[] set = new long[words];
    long host = words == 0 ? 0 : guest.memory.readable(pointer, 8L * words);
    for (int i = 0; i < words; i++) {
      set[i] = HostMemory.getLong(host + 8L * i);
    }
    if ((guestCount & 63) != 0) {
      set[words - 1] &= (1L << guestCount) - 1;
    }
    wanted[which] = set;
  }

  /** Makes the host's sets; a descriptor that is not open ends the call with EBADF. */
  void build() {
    for (int which = 0; which < 3; which++) {
      for (int fd = next(which, 0); fd >= 0; fd = next(which, fd + 1)) {
        int host = guest.fds.host(fd);
        if (host < 0) {
          throw new CallFailure(Errno.EBADF);
        }
        hostCount = Math.max(hostCount, host + 1);
      }
    }
    for (int which = 0; which < 3; which++) {
      if (wanted[which] == null) {
        continue;
      }
      long set = guest.scratch.zeroed((hostCount + 63) / 64 * 8L + 8);
      for (int fd = next(which, 0); fd >= 0; fd = next(which, fd + 1)) {
        int host = guest.fds.host(fd);
        long word = set + (host >> 6) * 8L;
        HostMemory.putLong(word, HostMemory.getLong(word) | 1L << host);
      }
      hostSets[which] = set;
    }
  }

  /** All descriptors in the host's sets are below this. */
  int count() {
    return hostCount;
  }

  /** Host address of a set for the host, 0 if the guest gave none. */
  long set(int which) {
    return hostSets[which];
  }

  /** Writes what is left of a set to the guest's at {@code pointer}. */
  void write(int which, long pointer) {
    if (wanted[which] == null || words == 0) {
      return;
    }
    long[] answer = new long[words];
    for (int fd = next(which, 0); fd >= 0; fd = next(which, fd + 1)) {
      int host = guest.fds.host(fd);
      if ((HostMemory.getLong(hostSets[which] + (host >> 6) * 8L) & 1L << host) != 0) {
        answer[fd >> 6] |= 1L << fd;
      }
    }
    long address = guest.memory.writable(pointer, 8L * words);
    for (int i = 0; i < words; i++) {
      HostMemory.putLong(address + 8L * i, answer[i]);
    }
  }

  private int next(int which, int from) {
    long[] set = wanted[which];
    if (set == null || from >= guestCount) {
      return -1;
    }
    int word = from >> 6;
    long rest = set[word] & -1L << from;
    while (rest == 0) {
      if (++word == words) {
        return -1;
      }
      rest = set[word];
    }
    return 64 * word + Long.numberOfTrailingZeros(rest);
  }
}
