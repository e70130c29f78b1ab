package dev.isomorph.processvm.elf;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import java.nio.file.Path;

/** A folder that serves as the guest's root; nothing outside it exists. */
record PlainFiles(Path root) implements ProgramFiles {
  private static final int OPEN = 2;

  @Override
  public int open(String guestPath) {
    byte[] path = Bytes.of(root + "/" + guestPath + "\0");
    if (path.length > 4096) {
      return -Errno.ENAMETOOLONG;
    }
    long scratch = HostMemory.allocate(4096);
    HostMemory.copyIn(path, 0, scratch, path.length);
    int result = (int) HostCalls.syscall(OPEN, scratch, 0, 0, 0, 0, 0);
    HostMemory.free(scratch, 4096);
    return result;
  }

  @Override
  public String pathOf(int descriptor) {
    try {
      String target = Path.of("/proc/self/fd/" + descriptor).toRealPath().toString();
      return target.substring(root.toRealPath().toString().length());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
