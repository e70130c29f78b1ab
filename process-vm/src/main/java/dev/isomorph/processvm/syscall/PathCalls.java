package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/** Calls in which a path can mean something else to the guest than to the host. */
final class PathCalls implements CallGroup {
  private static final int O_ACCMODE = 3;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int O_NOFOLLOW = 0x20000;
  private static final int O_PATH = 0x200000;
  private static final int MFD_CLOEXEC = 1;
  private static final int SEEK_SET = 0;
  private static final int OPEN_HOW_FLAGS = 0;
  private static final int OPEN_HOW_SIZE = 24;

  private final Guest guest;

  PathCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case OPENAT -> open(call, a, (int) a[2], (int) a[2], a[3] & 0xffff_ffffL);
      case OPENAT2 -> {
        if (a[3] < OPEN_HOW_SIZE) {
          yield -Errno.EINVAL;
        }
        int flags = (int) guest.memory.getLong(a[2] + OPEN_HOW_FLAGS);
        yield open(call, a, flags, guest.memory.pass(a[2], a[3]), a[3]);
      }
      case READLINKAT -> readlink(call, a);
      case GETCWD -> getcwd(call, a[0], a[1]);
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  private long open(Syscall call, long[] a, int flags, long third, long fourth) {
    if (guest.fds.lowestFree() < 0) {
      // The kernel takes the name first (do_sys_openat2).
      return guest.memory.path(a[1]).isEmpty() ? -Errno.ENOENT : -Errno.EMFILE;
    }
    String own = ownFile(a[1]);
    if (own != null && (flags & O_PATH) == 0) {
      byte[] content = guest.procFiles.contentFor(own);
      if (content != null) {
        return (flags & O_ACCMODE) == 0 ? openContent(own, content, flags) : -Errno.EACCES;
      }
    }
    boolean exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
    guest.paths.resolve((int) a[0], a[1], (flags & O_NOFOLLOW) == 0 && !exclusive);
    long result =
        guest.kernel.wait(call, guest.paths.directory(), guest.paths.path(), third, fourth, 0, 0);
    long descriptor = guest.install(result);
    if (descriptor >= 0 && "/proc/self/fd".equals(own)) {
      guest.fds.markListing((int) descriptor);
    }
    return descriptor;
  }

  /** Returns the clean path of a file in {@code /proc} the guest names, null for others. */
  private String ownFile(long pointer) {
    String text = guest.paths.textIfSpecial(pointer);
    if (text == null) {
      return null;
    }
    String own = guest.paths.ownProcPath(text);
    if (own != null) {
      return own.isEmpty() ? "/proc/self" : "/proc/self/" + own;
    }
    return text.startsWith("/proc/") ? text : null;
  }

  /** Opens a file made up on the spot. */
  private long openContent(String name, byte[] content, int flags) {
    int memfdFlags = (flags & FileCalls.O_CLOEXEC) != 0 ? MFD_CLOEXEC : 0;
    long file = guest.kernel.call(Syscall.MEMFD_CREATE, guest.scratch.string(name), memfdFlags);
    if (HostKernel.failed(file)) {
      return file;
    }
    long copy = guest.scratch.take(content.length);
    HostMemory.copyIn(content, 0, copy, content.length);
    guest.kernel.call(Syscall.WRITE, file, copy, content.length, 0);
    guest.kernel.call(Syscall.LSEEK, file, 0, SEEK_SET, 0);
    return guest.install(file);
  }

  private long readlink(Syscall call, long[] a) {
    if ((int) a[3] <= 0) {
      return -Errno.EINVAL;
    }
    String own = ownFile(a[1]);
    if ("/proc/self".equals(own)) {
      return answer(Integer.toString(guest.pid), a[2], (int) a[3]);
    }
    if (own != null) {
      String target = guest.procFiles.linkFor(own);
      if (target != null) {
        return answer(target, a[2], (int) a[3]);
      }
    }
    guest.paths.resolve((int) a[0], a[1], false);
    if (own == null || !guest.root.isActive()) {
      return guest.kernel.call(
          call,
          guest.paths.directory(),
          guest.paths.path(),
          guest.memory.pass(a[2], 0),
          (int) a[3]);
    }
    if (own.equals("/proc/self/root")) {
      return answer("/", a[2], (int) a[3]);
    }
    long buffer = guest.scratch.take(UserMemory.PATH_MAX);
    long length =
        guest.kernel.call(
            call, guest.paths.directory(), guest.paths.path(), buffer, UserMemory.PATH_MAX);
    return HostKernel.failed(length)
        ? length
        : answer(guest.root.toGuest(HostMemory.getString(buffer, (int) length)), a[2], (int) a[3]);
  }

  private long answer(String text, long pointer, int size) {
    int length = Math.min(size, text.length());
    guest.memory.copyOut(guest.scratch.string(text), pointer, length);
    return length;
  }

  private long getcwd(Syscall call, long pointer, long size) {
    if (!guest.root.isActive()) {
      return guest.kernel.call(call, guest.memory.pass(pointer, size), size);
    }
    String directory = guest.root.files().currentDirectory();
    if (directory == null) {
      return -Errno.ENOENT;
    }
    String text = guest.root.toGuest(directory);
    if (text.length() + 1 > size) {
      return -Errno.ERANGE;
    }
    guest.memory.copyOut(guest.scratch.string(text), pointer, text.length() + 1);
    return text.length() + 1;
  }
}
