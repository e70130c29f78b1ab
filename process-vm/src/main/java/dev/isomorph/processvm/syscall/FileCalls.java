package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.fs.FdTable;

/** Calls about descriptors themselves, and those whose answers the host gives in another layout. */
final class FileCalls implements CallGroup {
  static final int O_CLOEXEC = 0x80000;
  static final int O_RDWR = 2;

  private static final int F_DUPFD = 0;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_SETFD = 2;
  private static final int F_SETLKW = 7;
  private static final int F_OFD_SETLKW = 38;
  private static final int F_DUPFD_QUERY = 1027;
  private static final int FD_CLOEXEC = 1;
  private static final int CLOSE_RANGE_UNSHARE = 2;
  private static final int CLOSE_RANGE_CLOEXEC = 4;

  private final Guest guest;
  private final FdTable fds;
  private final UserMemory memory;
  private final HostKernel kernel;
  private final Scratch scratch;
  private final HostDescriptors descriptors;

  FileCalls(Guest guest) {
    this.guest = guest;
    this.fds = guest.fds;
    this.memory = guest.memory;
    this.kernel = guest.kernel;
    this.scratch = guest.scratch;
    this.descriptors = new HostDescriptors(kernel, scratch);
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case CLOSE -> close((int) a[0]);
      case CLOSE_RANGE -> closeRange(a[0] & 0xffff_ffffL, a[1] & 0xffff_ffffL, (int) a[2]);
      case DUP -> duplicate(host(a[0]), 0, 0);
      case DUP3 -> dup3((int) a[0], (int) a[1], (int) a[2]);
      case FCNTL -> fcntl((int) a[0], (int) a[1], a[2]);
      case PIPE2 -> {
        long pair = scratch.take(8);
        yield installPair(pair, a[0], kernel.call(call, pair, (int) a[1]));
      }
      case SOCKETPAIR -> {
        long pair = scratch.take(8);
        yield installPair(pair, a[3], kernel.call(call, (int) a[0], (int) a[1], (int) a[2], pair));
      }
      case FSTAT -> stat(a[1], kernel.call(call, host(a[0]), scratchStat()));
      case NEWFSTATAT -> {
        guest.paths.resolve((int) a[0], a[1], PassThrough.follows(call, a, Arg.PATH_AT));
        yield stat(
            a[2],
            kernel.call(
                call, guest.paths.directory(), guest.paths.path(), scratchStat(), (int) a[3]));
      }
      case GETDENTS64 -> getdents((int) a[0], a[1], a[2] & 0xffff_ffffL);
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  private int host(long descriptor) {
    int host = fds.host((int) descriptor);
    if (host < 0) {
      throw new CallFailure(Errno.EBADF);
    }
    return host;
  }

  // ---- Closing and duplicating ----

  private long close(int descriptor) {
    int host = fds.remove(descriptor);
    return host < 0 ? host : descriptors.close(host);
  }

  private long closeRange(long first, long last, int flags) {
    if (first > last || (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0) {
      return -Errno.EINVAL;
    }
    int start = (int) Math.min(first, Integer.MAX_VALUE);
    for (int descriptor = fds.next(start);
        descriptor >= 0 && descriptor <= last;
        descriptor = fds.next(descriptor + 1)) {
      if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
        kernel.call(Syscall.FCNTL, fds.host(descriptor), F_SETFD, FD_CLOEXEC, 0);
      } else {
        close(descriptor);
      }
    }
    return 0;
  }

  /** Opens {@code host} once more as the guest's lowest free descriptor from {@code least} on. */
  private long duplicate(int host, int least, int flags) {
    int free = least == 0 ? fds.lowestFree() : fds.lowestFree(least);
    if (free < 0) {
      return free;
    }
    long copy = copyHost(host, flags);
    if (HostKernel.failed(copy)) {
      return copy;
    }
    int descriptor = fds.add((int) copy, least);
    if (descriptor < 0) {
      descriptors.close((int) copy);
    }
    return descriptor;
  }

  private long copyHost(int host, int flags) {
    int command = (flags & O_CLOEXEC) != 0 ? F_DUPFD_CLOEXEC : F_DUPFD;
    return kernel.call(Syscall.FCNTL, host, command, HostDescriptors.FIRST_OTHER, 0);
  }

  private long dup3(int from, int to, int flags) {
    if ((flags & ~O_CLOEXEC) != 0 || from == to) {
      return -Errno.EINVAL;
    }
    if (to < 0 || to >= fds.limit()) {
      return -Errno.EBADF;
    }
    long copy = copyHost(host(from), flags);
    if (HostKernel.failed(copy)) {
      return copy;
    }
    int replaced = fds.replace(to, (int) copy);
    if (replaced >= 0) {
      descriptors.close(replaced);
    }
    return to;
  }

  private long fcntl(int descriptor, int command, long argument) {
    int host = host(descriptor);
    switch (command) {
      case F_DUPFD:
        return duplicate(host, (int) argument, 0);
      case F_DUPFD_CLOEXEC:
        return duplicate(host, (int) argument, O_CLOEXEC);
      case F_SETLKW, F_OFD_SETLKW:
        return kernel.wait(Syscall.FCNTL, host, command, memory.pass(argument, 32), 0, 0, 0);
      case F_DUPFD_QUERY:
        return kernel.call(Syscall.FCNTL, host, command, host(argument), 0);
      default:
        long value = takesPointer(command) ? memory.pass(argument, 0) : argument;
        return kernel.call(Syscall.FCNTL, host, command, value, 0);
    }
  }

  private static boolean takesPointer(int command) {
    return switch (command) {
      case 5, 6, 36, 37 -> true; // F_GETLK, F_SETLK, F_OFD_GETLK, F_OFD_SETLK
      case 15, 16, 17 -> true; // F_SETOWN_EX, F_GETOWN_EX, F_GETOWNER_UIDS
      case 1035, 1036, 1037, 1038 -> true; // F_GET_RW_HINT to F_SET_FILE_RW_HINT
      default -> false;
    };
  }

  /** Gives the guest two new descriptors of the host. */
  private long installPair(long pair, long pointer, long result) {
    if (HostKernel.failed(result)) {
      return result;
    }
    int one = HostMemory.getInt(pair);
    int two = HostMemory.getInt(pair + 4);
    int first = fds.add(one);
    int second = first < 0 ? first : fds.add(two);
    if (second >= 0 && guest.space.writable(pointer, 8)) {
      memory.putInt(pointer, first);
      memory.putInt(pointer + 4, second);
      return 0;
    }
    if (first >= 0) {
      fds.remove(first);
    }
    if (second >= 0) {
      fds.remove(second);
    }
    descriptors.close(one);
    descriptors.close(two);
    return second < 0 ? second : -Errno.EFAULT;
  }

  // ---- Status and listings ----

  private long statBuffer;

  private long scratchStat() {
    statBuffer = scratch.take(StructLayout.STAT.hostSize);
    return statBuffer;
  }

  private long stat(long pointer, long result) {
    if (result == 0) {
      StructLayout.STAT.toGuest(statBuffer, memory.writable(pointer, StructLayout.STAT.guestSize));
    }
    return result;
  }

  private long getdents(int descriptor, long pointer, long size) {
    int host = host(descriptor);
    if (!fds.isListing(descriptor)) {
      return kernel.call(Syscall.GETDENTS64, host, memory.pass(pointer, size), size, 0);
    }
    long raw = scratch.take(Math.min(size, 1 << 20));
    while (true) {
      long length = kernel.call(Syscall.GETDENTS64, host, raw, Math.min(size, 1 << 20), 0);
      if (length <= 0) {
        return length;
      }
      long kept = DescriptorListing.translate(raw, length, fds);
      if (kept > 0) {
        memory.copyOut(raw, pointer, kept);
        return kept;
      }
    }
  }
}
