package dev.isomorph.systemvm.ninep;

import dev.isomorph.hostbackend.HostMemory;

/**
 * What the host says of a file: Linux's struct statx (linux/stat.h).
 *
 * @param device the file system it is in
 * @param special which device it is, if it is one, as Linux's 32-bit number
 */
record Attributes(
    int mode,
    int uid,
    int gid,
    long links,
    long inode,
    long device,
    int special,
    long size,
    long blockSize,
    long blocks,
    Time accessed,
    Time modified,
    Time changed,
    Time born) {
  static final int BYTES = 256;

  static final int TYPE = 0xf000;
  static final int FIFO = 0x1000;
  static final int FOLDER = 0x4000;
  static final int REGULAR = 0x8000;
  static final int LINK = 0xa000;
  static final int SOCKET = 0xc000;

  /** Seconds since 1970 and nanoseconds. */
  record Time(long seconds, long nanoseconds) {
    private static Time at(long address) {
      return new Time(HostMemory.getLong(address), HostMemory.getInt(address + 8) & 0xffff_ffffL);
    }
  }

  static Attributes at(long address) {
    return new Attributes(
        HostMemory.getShort(address + 28) & 0xffff,
        HostMemory.getInt(address + 20),
        HostMemory.getInt(address + 24),
        HostMemory.getInt(address + 16) & 0xffff_ffffL,
        HostMemory.getLong(address + 32),
        HostMemory.getLong(address + 136),
        number(HostMemory.getInt(address + 128), HostMemory.getInt(address + 132)),
        HostMemory.getLong(address + 40),
        HostMemory.getInt(address + 4) & 0xffff_ffffL,
        HostMemory.getLong(address + 48),
        Time.at(address + 64),
        Time.at(address + 112),
        Time.at(address + 96),
        Time.at(address + 80));
  }

  int type() {
    return mode & TYPE;
  }

  private static int number(int major, int minor) {
    return minor & 0xff | major << 8 | (minor & ~0xff) << 12;
  }
}
