package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.Errno;
import java.util.Arrays;

/** Carries out the calls whose table row says all: translate the arguments, ask the host. */
final class PassThrough implements CallGroup {
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_SYMLINK_FOLLOW = 0x400;

  private final Guest guest;
  private final long[] host = new long[6];

  PassThrough(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    if (call.group == Group.OPEN && guest.fds.lowestFree() < 0) {
      return -Errno.EMFILE;
    }
    Arrays.fill(host, 0);
    for (int i = 0; i < call.arguments.length; i++) {
      if (translate(call, a, i) < 0) {
        return -Errno.EBADF;
      }
    }
    if (call.group == Group.PASS) {
      return guest.kernel.call(call, host[0], host[1], host[2], host[3], host[4], host[5]);
    }
    long result = guest.kernel.wait(call, host[0], host[1], host[2], host[3], host[4], host[5]);
    return call.group == Group.OPEN ? guest.install(result) : result;
  }

  /** Translates argument {@code i}; returns a negative number for a descriptor that is not open. */
  private int translate(Syscall call, long[] a, int i) {
    long value = a[i];
    Arg argument = call.arguments[i];
    switch (argument.kind) {
      case INT -> host[i] = (int) value;
      case UINT -> host[i] = value & 0xffff_ffffL;
      case LONG -> host[i] = value;
      case TID -> host[i] = guest.hostTid((int) value);
      case FD -> {
        int descriptor = guest.fds.host((int) value);
        if (descriptor < 0) {
          return descriptor;
        }
        host[i] = descriptor;
      }
      case DIRFD -> host[i] = guest.paths.directory((int) value);
      case PATH, PATH_ENTRY, PATH_AT -> {
        boolean hasBase = i > 0 && call.arguments[i - 1] == Arg.DIRFD;
        int base = hasBase ? (int) a[i - 1] : PathArguments.AT_FDCWD;
        guest.paths.resolve(base, value, follows(call, a, argument));
        host[i] = guest.paths.path();
        if (hasBase) {
          host[i - 1] = guest.paths.directory();
        }
      }
      case POINTER -> host[i] = guest.memory.pass(value, 0);
      case BUFFER -> {
        boolean sized = call.arguments[i + 1] == Arg.SIZE;
        host[i] = guest.memory.pass(value, sized ? a[i + 1] : 0);
      }
    }
    return 0;
  }

  /** Whether a path argument leads through a symbolic link at its end. */
  static boolean follows(Syscall call, long[] a, Arg argument) {
    if (argument != Arg.PATH_AT) {
      return argument == Arg.PATH;
    }
    long flags = a[call.indexOf(Arg.AT_FLAGS)];
    return call == Syscall.LINKAT
        ? (flags & AT_SYMLINK_FOLLOW) != 0
        : (flags & AT_SYMLINK_NOFOLLOW) == 0;
  }
}
