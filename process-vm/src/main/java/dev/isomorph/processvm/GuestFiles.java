package dev.isomorph.processvm;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.elf.ProgramFiles;
import dev.isomorph.processvm.fs.HostFiles;
import dev.isomorph.processvm.fs.PathFailure;
import dev.isomorph.processvm.fs.RootedPaths;
import dev.isomorph.processvm.memory.MappedFile;
import dev.isomorph.processvm.memory.MappedFiles;
import java.util.List;

/**
 * The file system in which programs are found: the guest's root, the directory it starts in, and
 * the files it has mapped. Safe for use by several threads, each with its own current directory.
 */
final class GuestFiles implements ProgramFiles, MappedFiles {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int OPEN = 2;
  private static final int CLOSE = 3;
  private static final int FSTAT = 5;
  private static final int CHDIR = 80;

  private static final int O_PATH_DIRECTORY_CLOEXEC = 0x200000 | 0x10000 | 0x80000;

  /** Without waiting: a named pipe is to be opened, and then refused, at once. */
  private static final int O_RDONLY_NONBLOCK_CLOEXEC = 0x800 | 0x80000;

  // struct stat (asm/stat.h) and its mode.
  private static final int STAT_DEVICE = 0;
  private static final int STAT_INODE = 8;
  private static final int STAT_MODE = 24;
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;

  private static final int PATH_MAX = 4096;

  /** Where programs are looked for when the guest has no PATH, as shells do. */
  private static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final HostFiles files = new HostFiles();
  private final RootedPaths paths;
  private final long buffer = HostMemory.allocate(2 * PATH_MAX);

  /**
   * Opens a file system.
   *
   * @param root folder of the host, null for none
   */
  GuestFiles(String root) throws ExecFailure {
    paths = new RootedPaths(root == null ? null : canonical(root), files);
  }

  RootedPaths paths() {
    return paths;
  }

  private String canonical(String root) throws ExecFailure {
    int descriptor = openHost(root, O_PATH_DIRECTORY_CLOEXEC);
    if (descriptor < 0) {
      throw new ExecFailure(root, "no such directory for --root", -descriptor);
    }
    String path = files.pathOf(descriptor);
    close(descriptor);
    return "/".equals(path) ? null : path;
  }

  /** Makes a guest directory the current one. */
  void changeDirectory(String directory) throws ExecFailure {
    long result;
    try {
      result = HostCalls.syscall(CHDIR, put(resolve(directory)), 0, 0, 0, 0, 0);
    } catch (PathFailure e) {
      result = -e.errno();
    }
    if (result < 0) {
      throw new ExecFailure(directory, "no such directory for --chdir", (int) -result);
    }
  }

  /**
   * Returns the guest path that a program's name stands for: itself if it has a slash or is a file
   * here, else the first of that name in the folders of PATH, else itself. PATH is mostly the
   * host's, so a program of the root goes before any of the host.
   */
  synchronized String find(String program, List<String> environment) {
    if (program.isEmpty() || program.indexOf('/') >= 0 || exists(program)) {
      return program;
    }
    String path = USUAL_PATH;
    for (int i = 0; i < environment.size(); i++) {
      if (environment.get(i).startsWith("PATH=")) {
        path = environment.get(i).substring("PATH=".length());
      }
    }
    String found = paths.isActive() ? findIn(path, program, true) : null;
    if (found == null) {
      found = findIn(path, program, false);
    }
    return found == null ? program : found;
  }

  private String findIn(String path, String program, boolean onlyInRoot) {
    for (int start = 0; start <= path.length(); ) {
      int colon = path.indexOf(':', start);
      int end = colon < 0 ? path.length() : colon;
      String candidate = path.substring(start, end).concat("/").concat(program);
      if (end > start && exists(candidate) && !(onlyInRoot && isOfHost(candidate))) {
        return candidate;
      }
      start = end + 1;
    }
    return null;
  }

  private boolean isOfHost(String guestPath) {
    try {
      String host = resolve(guestPath);
      return paths.toGuest(host).equals(host);
    } catch (PathFailure e) {
      return true;
    }
  }

  /** Whether there is a file of that name that is not a directory or the like. */
  private boolean exists(String guestPath) {
    int descriptor = open(guestPath);
    if (descriptor < 0) {
      return false;
    }
    boolean known = HostCalls.syscall(FSTAT, descriptor, buffer, 0, 0, 0, 0) == 0;
    close(descriptor);
    return known && (HostMemory.getInt(buffer + STAT_MODE) & TYPE_MASK) == REGULAR;
  }

  @Override
  public synchronized int open(MappedFile file) {
    int descriptor = open(file.path());
    if (descriptor < 0) {
      return descriptor;
    }
    boolean same =
        HostCalls.syscall(FSTAT, descriptor, buffer, 0, 0, 0, 0) == 0
            && HostMemory.getLong(buffer + STAT_DEVICE) == file.device()
            && HostMemory.getLong(buffer + STAT_INODE) == file.inode();
    if (!same) {
      close(descriptor);
      return -Errno.ENOENT;
    }
    return descriptor;
  }

  @Override
  public synchronized int open(String guestPath) {
    try {
      return openHost(resolve(guestPath), O_RDONLY_NONBLOCK_CLOEXEC);
    } catch (PathFailure e) {
      return -e.errno();
    }
  }

  @Override
  public synchronized String pathOf(int descriptor) {
    String host = files.pathOf(descriptor);
    return host == null ? "" : paths.toGuest(host);
  }

  private String resolve(String guestPath) throws PathFailure {
    if (!paths.isActive() || guestPath.isEmpty()) {
      return guestPath;
    }
    String absolute = guestPath;
    if (guestPath.charAt(0) != '/') {
      String here = files.currentDirectory();
      absolute = (here == null ? "" : paths.toGuest(here)).concat("/").concat(guestPath);
    }
    return paths.resolve(absolute, true);
  }

  private int openHost(String path, int flags) {
    return path.length() >= 2 * PATH_MAX
        ? -Errno.ENAMETOOLONG
        : (int) HostCalls.syscall(OPEN, put(path), flags, 0, 0, 0, 0);
  }

  private static void close(int descriptor) {
    HostCalls.syscall(CLOSE, descriptor, 0, 0, 0, 0, 0);
  }

  private long put(String path) {
    HostMemory.putString(buffer, path.substring(0, Math.min(path.length(), 2 * PATH_MAX - 1)));
    return buffer;
  }
}
