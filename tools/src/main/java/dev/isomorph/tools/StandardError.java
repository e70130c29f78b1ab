package dev.isomorph.tools;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import java.io.IOException;
import java.io.OutputStream;

/** A copy of this process's standard error, which stays open when a guest closes its own. */
public final class StandardError extends OutputStream {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int WRITE = 1;
  private static final int FCNTL = 72;

  private static final int STANDARD_ERROR = 2;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int FIRST_FREE = 3;
  private static final int BUFFER = 1 << 16;

  private final long descriptor;
  private final long buffer = HostMemory.allocate(BUFFER);

  /** Makes the copy. */
  public StandardError() {
    long copy = HostCalls.syscall(FCNTL, STANDARD_ERROR, F_DUPFD_CLOEXEC, FIRST_FREE, 0, 0, 0);
    descriptor = copy < 0 ? STANDARD_ERROR : copy;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    for (int at = 0; at < length; ) {
      int part = Math.min(length - at, BUFFER);
      HostMemory.copyIn(bytes, offset + at, buffer, part);
      long written = HostCalls.syscall(WRITE, descriptor, buffer, part, 0, 0, 0);
      if (written <= 0) {
        throw new IOException("cannot write to standard error: errno " + -written);
      }
      at += (int) written;
    }
  }
}
