package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.elf.ExecFailure;
import dev.isomorph.processvm.elf.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * execve(2) and execveat(2), up to the point where nothing can go wrong any more that the caller
 * could be told of; whoever runs the thread does the rest.
 */
final class ExecCalls implements CallGroup {
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;

  /** Longest argument, with its final NUL (MAX_ARG_STRLEN, linux/binfmts.h). */
  private static final int LONGEST = 131072;

  /** Most bytes of all arguments, of what the stack's limit allows (fs/exec.c). */
  private static final long LEAST_ROOM = 131072;

  private static final long MOST_ROOM = 6L << 20;

  private final Guest guest;

  ExecCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    if (guest.process.host == null) {
      return -Errno.ENOSYS;
    }
    return switch (call) {
      case EXECVE -> execute(guest.memory.path(a[0]), a[1], a[2]);
      case EXECVEAT -> {
        int flags = (int) a[4];
        if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0) {
          yield -Errno.EINVAL;
        }
        yield execute(pathAt((int) a[0], guest.memory.path(a[1]), flags), a[2], a[3]);
      }
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  private String pathAt(int directory, String path, int flags) {
    if (path.startsWith("/") || directory == PathArguments.AT_FDCWD && !path.isEmpty()) {
      return path;
    }
    if (path.isEmpty() && (flags & AT_EMPTY_PATH) == 0) {
      throw new CallFailure(Errno.ENOENT);
    }
    int host = guest.fds.host(directory);
    if (host < 0) {
      throw new CallFailure(Errno.EBADF);
    }
    String start = guest.root.files().pathOf(host);
    if (start == null) {
      throw new CallFailure(path.isEmpty() ? Errno.EACCES : Errno.ENOTDIR);
    }
    String guestStart = guest.root.toGuest(start);
    return path.isEmpty() ? guestStart : guestStart + "/" + path;
  }

  private long execute(String path, long argv, long envp) {
    if (path.isEmpty()) {
      return -Errno.ENOENT;
    }
    long[] room = {Math.clamp(guest.space.stackSize() / 4, LEAST_ROOM, MOST_ROOM)};
    List<String> arguments = strings(argv, room);
    List<String> environment = strings(envp, room);
    if (arguments.isEmpty()) {
      arguments.add("");
    }
    String own = guest.paths.ownProcPath(path);
    String target = own == null ? null : guest.procFiles.linkFor("/proc/self/" + own);
    String file = target == null ? path : target;
    try {
      Program program =
          Program.open(guest.process.host.programs(), file, arguments, guest.space.size());
      guest.execution = new Execution(file, program, environment, guest.limits.stack());
      return 0;
    } catch (ExecFailure failure) {
      if (failure.isOfOtherMachine()) {
        guest.process.host.refused(failure);
      }
      return -failure.errno();
    }
  }

  /** Reads an array of strings; {@code room[0]} is what it may take up, and is left. */
  private List<String> strings(long pointer, long[] room) {
    List<String> strings = new ArrayList<>();
    for (long at = pointer; at != 0; at += Long.BYTES) {
      long next = guest.memory.getLong(at);
      if (next == 0) {
        break;
      }
      String string = guest.memory.string(next, LONGEST);
      room[0] -= string == null ? Long.MAX_VALUE / 2 : string.length() + 1 + Long.BYTES;
      if (room[0] < 0) {
        throw new CallFailure(Errno.E2BIG);
      }
      strings.add(string);
    }
    return strings;
  }
}
