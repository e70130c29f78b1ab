package dev.isomorph.processvm.elf;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;

/** An open file of the host, read at any position. Closing it closes the descriptor. */
final class HostFile implements AutoCloseable {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int CLOSE = 3;
  private static final int FSTAT = 5;
  private static final int PREAD64 = 17;
  private static final int ACCESS = 21;

  private static final int X_OK = 1;
  private static final int TYPE_MASK = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int REGULAR = 0100000;

  // struct stat of x86-64 (asm/stat.h).
  private static final int STAT_DEVICE = 0;
  private static final int STAT_INODE = 8;
  private static final int STAT_MODE = 24;
  private static final int STAT_SIZE = 48;

  private static final int BUFFER_SIZE = 1 << 16;

  private final int descriptor;
  private final long buffer;
  private final int mode;
  private final long size;
  private final long device;
  private final long inode;

  /** Takes over an open descriptor. */
  HostFile(int descriptor) {
    this.descriptor = descriptor;
    buffer = HostMemory.allocate(BUFFER_SIZE);
    boolean known = HostCalls.syscall(FSTAT, descriptor, buffer, 0, 0, 0, 0) == 0;
    mode = known ? HostMemory.getInt(buffer + STAT_MODE) : 0;
    size = known ? HostMemory.getLong(buffer + STAT_SIZE) : 0;
    device = known ? HostMemory.getLong(buffer + STAT_DEVICE) : 0;
    inode = known ? HostMemory.getLong(buffer + STAT_INODE) : 0;
  }

  int descriptor() {
    return descriptor;
  }

  long size() {
    return size;
  }

  long device() {
    return device;
  }

  long inode() {
    return inode;
  }

  boolean isDirectory() {
    return (mode & TYPE_MASK) == DIRECTORY;
  }

  boolean isRegular() {
    return (mode & TYPE_MASK) == REGULAR;
  }

  /** Whether this process may execute the file. */
  boolean isExecutable() {
    HostMemory.putString(buffer, "/proc/thread-self/fd/" + descriptor);
    return HostCalls.syscall(ACCESS, buffer, X_OK, 0, 0, 0, 0) == 0;
  }

  /** Reads from a position on; the array is shorter than {@code length} if the file ends before. */
  byte[] read(long position, int length) {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int wanted = Math.min(BUFFER_SIZE, length - done);
      long got = HostCalls.syscall(PREAD64, descriptor, buffer, wanted, position + done, 0, 0);
      if (got <= 0) {
        return java.util.Arrays.copyOf(bytes, done);
      }
      HostMemory.copyOut(buffer, bytes, done, (int) got);
      done += (int) got;
    }
    return bytes;
  }

  @Override
  public void close() {
    HostMemory.free(buffer, BUFFER_SIZE);
    HostCalls.syscall(CLOSE, descriptor, 0, 0, 0, 0, 0);
  }
}
