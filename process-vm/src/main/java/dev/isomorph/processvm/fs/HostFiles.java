package dev.isomorph.processvm.fs;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/** Questions to the host about its files, one at a time. Paths hold one byte per char. */
public final class HostFiles {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int GETCWD = 79;
  private static final int READLINKAT = 267;
  private static final int FACCESSAT = 269;

  private static final int AT_FDCWD = -100;
  private static final int PATH_MAX = 4096;

  /** What {@link #target} gives for a file that exists and is not a symbolic link. */
  static final String NO_LINK = "";

  private final long path = HostMemory.allocate(3 * PATH_MAX);
  private final long answer = path + 2 * PATH_MAX;

  /**
   * Returns the target of a symbolic link.
   *
   * @return {@link #NO_LINK} if the file is something else, null if it does not exist
   * @throws PathFailure if the path leads through something that is not a directory, or one that
   *     may not be searched
   */
  synchronized String target(String file) throws PathFailure {
    long length = HostCalls.syscall(READLINKAT, AT_FDCWD, put(file), answer, PATH_MAX, 0, 0);
    if (length >= 0) {
      return HostMemory.getString(answer, (int) length);
    }
    return switch ((int) -length) {
      case Errno.EINVAL -> NO_LINK;
      case Errno.ENOENT -> null;
      default -> throw new PathFailure((int) -length);
    };
  }

  /** Whether the path leads to a directory, symbolic links followed. */
  synchronized boolean isDirectory(String file) throws PathFailure {
    return HostCalls.syscall(FACCESSAT, AT_FDCWD, put(file + "/."), 0, 0, 0, 0) == 0;
  }

  /** Returns the path of what a descriptor of the host is open on, null if it has none. */
  public synchronized String pathOf(int descriptor) {
    try {
      String target = target("/proc/thread-self/fd/" + descriptor);
      return target != null && target.startsWith("/") ? target : null;
    } catch (PathFailure e) {
      return null;
    }
  }

  /** Returns the current directory, null if it is unreachable. */
  public synchronized String currentDirectory() {
    long length = HostCalls.syscall(GETCWD, answer, PATH_MAX, 0, 0, 0, 0);
    String directory = length > 0 ? HostMemory.getString(answer, (int) length - 1) : "";
    return directory.startsWith("/") ? directory : null;
  }

  private long put(String file) throws PathFailure {
    if (file.length() >= 2 * PATH_MAX) {
      throw new PathFailure(Errno.ENAMETOOLONG);
    }
    HostMemory.putString(path, file);
    return path;
  }
}
