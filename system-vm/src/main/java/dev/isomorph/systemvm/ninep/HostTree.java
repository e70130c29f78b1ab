package dev.isomorph.systemvm.ninep;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder of the host's and what is in it, by Linux's calls. Paths are names with slashes between
 * them, from the folder on; empty for itself. Each char of a name is a byte.
 *
 * <p>Nothing outside the folder can be reached: the kernel resolves a path beneath the folder and
 * through no symbolic link (openat2), and what is done, is done to one name in the folder that was
 * found so, or to what has been opened, never through a link in its last name either.
 */
final class HostTree implements AutoCloseable {
  private static final int LSEEK = 8;
  private static final int PREAD64 = 17;
  private static final int PWRITE64 = 18;
  private static final int FSYNC = 74;
  private static final int FDATASYNC = 75;
  private static final int CHMOD = 90;
  private static final int FCHMOD = 91;
  private static final int FCHOWN = 93;
  private static final int FSTATFS = 138;
  private static final int GETDENTS64 = 217;
  private static final int OPENAT = 257;
  private static final int MKDIRAT = 258;
  private static final int MKNODAT = 259;
  private static final int FCHOWNAT = 260;
  private static final int UNLINKAT = 263;
  private static final int LINKAT = 265;
  private static final int SYMLINKAT = 266;
  private static final int READLINKAT = 267;
  private static final int RENAMEAT2 = 316;
  private static final int STATX = 332;
  private static final int OPENAT2 = 437;

  static final int O_ACCESS = 3;
  static final int O_DIRECTORY = 0x10000;
  static final int O_TRUNC = 0x200;
  private static final int O_NOCTTY = 0x100;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_PATH = 0x200000;
  private static final int CLOEXEC = HostLinux.O_CLOEXEC;

  private static final int RESOLVE_NO_MAGICLINKS = 2;
  private static final int RESOLVE_NO_SYMLINKS = 4;
  private static final int RESOLVE_BENEATH = 8;

  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_AND_BIRTH = 0xfff;
  private static final int MODE_BITS = 07777;
  private static final int SEEK_SET = 0;

  /** Linux's PATH_MAX, with the NUL. */
  private static final int PATH_BYTES = 4096;

  /** Bytes that are read or written at once at most. */
  static final int DATA_BYTES = 1 << 19;

  private final int root;
  private final long memory;
  private final long path;
  private final long secondPath;
  private final long struct;
  private final long data;

  /**
   * Opens a folder.
   *
   * @throws IOException with a line for the user, if there is none or the kernel is too old
   */
  HostTree(Path folder) throws IOException {
    memory = HostMemory.allocate(4L * PATH_BYTES + DATA_BYTES);
    path = memory;
    secondPath = memory + PATH_BYTES;
    struct = memory + 2L * PATH_BYTES;
    data = memory + 4L * PATH_BYTES;
    String name =
        new String(
            folder.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8),
            StandardCharsets.ISO_8859_1);
    try {
      putPath(path, name);
      int flags = O_PATH | O_DIRECTORY | CLOEXEC;
      root = (int) call(OPENAT, AT_FDCWD, path, flags, 0, 0);
    } catch (HostError e) {
      HostMemory.free(memory, 4L * PATH_BYTES + DATA_BYTES);
      throw new IOException(folder + ": is no folder that can be opened", e);
    }
    try {
      release(resolve("", O_DIRECTORY));
    } catch (HostError e) {
      close();
      throw new IOException(
          folder + ": sharing a folder needs a host kernel with openat2 (5.6 or newer)", e);
    }
  }

  /** A name in a folder that has been found, until it is closed. */
  private final class Place implements AutoCloseable {
    final int folder;

    /** Finds the folder of a path, and leaves its last name at {@code at}. */
    Place(String whole, long at) throws HostError {
      int slash = whole.lastIndexOf('/');
      folder = resolve(slash < 0 ? "" : whole.substring(0, slash), O_DIRECTORY);
      // The folder itself has no name that could be a link.
      putPath(at, whole.isEmpty() ? "." : whole.substring(slash + 1));
    }

    @Override
    public void close() {
      release(folder);
    }
  }

  Attributes attributes(String of) throws HostError {
    int descriptor = resolve(of, 0);
    try {
      return attributes(descriptor);
    } finally {
      release(descriptor);
    }
  }

  Attributes attributes(int descriptor) throws HostError {
    HostMemory.putByte(path, (byte) 0);
    int flags = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;
    call(STATX, descriptor, path, flags, STATX_BASIC_AND_BIRTH, struct);
    return Attributes.at(struct);
  }

  /**
   * Opens a file or folder; nothing else, since opening a device or a pipe does things.
   *
   * @param flags Linux's, without those that create
   * @return a descriptor, to be {@link #release}d
   */
  int open(String what, int flags) throws HostError {
    int found = resolve(what, 0);
    try {
      requireOpenable(attributes(found));
      putPath(path, "/proc/self/fd/" + found);
      return (int) call(OPENAT, AT_FDCWD, path, flags | O_NONBLOCK | O_NOCTTY | CLOEXEC, 0, 0);
    } finally {
      release(found);
    }
  }

  /** Makes a file that is not there yet, of the group if this process may, and opens it. */
  int create(String what, int flags, int mode, int gid) throws HostError {
    try (Place place = new Place(what, path)) {
      int all = flags | HostLinux.O_CREAT | HostLinux.O_EXCL | HostLinux.O_NOFOLLOW | CLOEXEC;
      int descriptor = (int) call(OPENAT, place.folder, path, all, mode & MODE_BITS, 0);
      HostCalls.syscall(FCHOWN, descriptor, -1, gid, 0, 0, 0);
      // Not as the host's umask would have it.
      HostCalls.syscall(FCHMOD, descriptor, mode & MODE_BITS, 0, 0, 0, 0);
      return descriptor;
    }
  }

  private static void requireOpenable(Attributes attributes) throws HostError {
    if (attributes.type() != Attributes.REGULAR && attributes.type() != Attributes.FOLDER) {
      throw new HostError(HostError.ENXIO);
    }
  }

  void release(int descriptor) {
    HostCalls.syscall(HostLinux.CLOSE, descriptor, 0, 0, 0, 0, 0);
  }

  /** Reads up to {@link #DATA_BYTES} of an open file. */
  byte[] read(int descriptor, long offset, int length) throws HostError {
    int count = (int) call(PREAD64, descriptor, data, Math.min(length, DATA_BYTES), offset, 0);
    return bytes(count);
  }

  /** Writes up to {@link #DATA_BYTES} to an open file; returns how many. */
  int write(int descriptor, long offset, byte[] from, int at, int length) throws HostError {
    int count = Math.min(length, DATA_BYTES);
    HostMemory.copyIn(from, at, data, count);
    return (int) call(PWRITE64, descriptor, data, count, offset, 0);
  }

  /** Entries of an open folder from a place on that an entry before told: structs dirent64. */
  byte[] entries(int descriptor, long from, int length) throws HostError {
    call(LSEEK, descriptor, from, SEEK_SET, 0, 0);
    return bytes((int) call(GETDENTS64, descriptor, data, Math.min(length, DATA_BYTES), 0, 0));
  }

  void sync(int descriptor, boolean dataOnly) throws HostError {
    call(dataOnly ? FDATASYNC : FSYNC, descriptor, 0, 0, 0, 0);
  }

  /** Struct statfs of the folder's file system, as longs. */
  long[] fileSystem() throws HostError {
    call(FSTATFS, root, struct, 0, 0, 0);
    long[] values = new long[9];
    for (int i = 0; i < values.length; i++) {
      values[i] = HostMemory.getLong(struct + 8L * i);
    }
    return values;
  }

  String readLink(String of) throws HostError {
    try (Place place = new Place(of, path)) {
      int count = (int) call(READLINKAT, place.folder, path, data, PATH_BYTES, 0);
      return HostMemory.getString(data, count);
    }
  }

  void makeFolder(String what, int mode) throws HostError {
    try (Place place = new Place(what, path)) {
      call(MKDIRAT, place.folder, path, mode & MODE_BITS, 0, 0);
    }
    changeMode(what, mode);
  }

  /** Makes an empty file, a pipe or a socket's name; devices of the host's are not made. */
  void makeNode(String what, int mode) throws HostError {
    int type = mode & Attributes.TYPE;
    if (type != Attributes.FIFO && type != Attributes.SOCKET && type != Attributes.REGULAR) {
      throw new HostError(HostError.EPERM);
    }
    try (Place place = new Place(what, path)) {
      call(MKNODAT, place.folder, path, type | mode & MODE_BITS, 0, 0);
    }
    changeMode(what, mode);
  }

  void makeLink(String what, String target) throws HostError {
    try (Place place = new Place(what, path)) {
      putPath(secondPath, target);
      call(SYMLINKAT, secondPath, place.folder, path, 0, 0);
    }
  }

  /** Gives a file one more name. */
  void link(String what, String name) throws HostError {
    try (Place from = new Place(what, path);
        Place to = new Place(name, secondPath)) {
      // Without flags it names a link itself, not what that leads to. Places use these paths.
      putPath(path, lastName(what));
      call(LINKAT, from.folder, path, to.folder, secondPath, 0);
    }
  }

  void rename(String what, String name) throws HostError {
    try (Place from = new Place(what, path);
        Place to = new Place(name, secondPath)) {
      putPath(path, lastName(what));
      call(RENAMEAT2, from.folder, path, to.folder, secondPath, 0);
    }
  }

  void remove(String what, int flags) throws HostError {
    try (Place place = new Place(what, path)) {
      call(UNLINKAT, place.folder, path, flags, 0, 0);
    }
  }

  void changeMode(String of, int mode) throws HostError {
    int found = resolve(of, 0);
    try {
      if (attributes(found).type() == Attributes.LINK) {
        throw new HostError(HostError.EOPNOTSUPP);
      }
      putPath(path, "/proc/self/fd/" + found);
      call(CHMOD, path, mode & MODE_BITS, 0, 0, 0);
    } finally {
      release(found);
    }
  }

  /**
   * Gives a file to another user or group, -1 for neither. Where this process may not, it stays
   * whose it is.
   */
  void changeOwner(String of, int uid, int gid) throws HostError {
    try (Place place = new Place(of, path)) {
      call(FCHOWNAT, place.folder, path, uid, gid, AT_SYMLINK_NOFOLLOW);
    } catch (HostError e) {
      if (e.errno() != HostError.EPERM) {
        throw e;
      }
    }
  }

  void changeSize(String of, long size) throws HostError {
    int descriptor = open(of, HostLinux.O_WRONLY);
    try {
      call(HostLinux.FTRUNCATE, descriptor, size, 0, 0, 0);
    } finally {
      release(descriptor);
    }
  }

  /** Sets times; nanoseconds may be UTIME_NOW or UTIME_OMIT. */
  void changeTimes(String of, List<Attributes.Time> accessedAndModified) throws HostError {
    try (Place place = new Place(of, path)) {
      for (int i = 0; i < 2; i++) {
        HostMemory.putLong(struct + 16L * i, accessedAndModified.get(i).seconds());
        HostMemory.putLong(struct + 16L * i + 8, accessedAndModified.get(i).nanoseconds());
      }
      call(HostLinux.UTIMENSAT, place.folder, path, struct, AT_SYMLINK_NOFOLLOW, 0);
    }
  }

  @Override
  public void close() {
    release(root);
    HostMemory.free(memory, 4L * PATH_BYTES + DATA_BYTES);
  }

  /** Finds what is at a path, without opening it; a link is found itself. */
  private int resolve(String what, int flags) throws HostError {
    putPath(path, what.isEmpty() ? "." : what);
    HostMemory.putLong(struct, O_PATH | HostLinux.O_NOFOLLOW | CLOEXEC | flags);
    HostMemory.putLong(struct + 8, 0);
    HostMemory.putLong(struct + 16, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
    return (int) call(OPENAT2, root, path, struct, 24, 0);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    HostMemory.copyOut(data, bytes, 0, count);
    return bytes;
  }

  private static String lastName(String of) {
    return of.isEmpty() ? "." : of.substring(of.lastIndexOf('/') + 1);
  }

  private static void putPath(long at, String text) throws HostError {
    if (text.length() >= PATH_BYTES) {
      throw new HostError(HostError.ENAMETOOLONG);
    }
    HostMemory.putString(at, text);
  }

  private static long call(int number, long a, long b, long c, long d, long e) throws HostError {
    long result = HostCalls.syscall(number, a, b, c, d, e, 0);
    if (result < 0) {
      throw new HostError((int) -result);
    }
    return result;
  }
}
