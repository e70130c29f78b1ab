package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.tree.ProcessTree;

/** ioctl(2), by {@link IoctlCommand}. */
final class IoctlCalls implements CallGroup {
  private static final int CLONE_RANGE_BYTES = 32;
  private static final int IFCONF_BYTES = 16;
  private static final int IFCONF_BUFFER = 8;

  private final Guest guest;

  IoctlCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    int host = guest.fds.host((int) a[0]);
    if (host < 0) {
      return host;
    }
    int number = (int) a[1];
    IoctlCommand command = IoctlCommand.of(number);
    if (command == null) {
      return -Errno.ENOTTY;
    }
    return switch (command.argument) {
      case VALUE -> request(host, number, a[2]);
      case POINTER -> request(host, number, guest.memory.pass(a[2], 0));
      case DESCRIPTOR -> request(host, number, source(a[2]));
      case NEW_DESCRIPTOR -> {
        int free = guest.fds.lowestFree();
        yield free < 0 ? free : guest.install(request(host, number, a[2]));
      }
      case GROUP -> foreground(host, number, a[2]);
      case NEW_GROUP -> setForeground(host, number, a[2]);
      case CLONE_RANGE -> {
        long range = guest.scratch.take(CLONE_RANGE_BYTES);
        guest.memory.copyIn(a[2], range, CLONE_RANGE_BYTES);
        HostMemory.putLong(range, source(HostMemory.getLong(range)));
        yield request(host, number, range);
      }
      case INTERFACE_LIST -> {
        long list = guest.scratch.take(IFCONF_BYTES);
        guest.memory.copyIn(a[2], list, IFCONF_BYTES);
        long buffer = HostMemory.getLong(list + IFCONF_BUFFER);
        int size = HostMemory.getInt(list);
        HostMemory.putLong(list + IFCONF_BUFFER, guest.memory.pass(buffer, Math.max(0, size)));
        long result = request(host, number, list);
        guest.memory.putInt(a[2], HostMemory.getInt(list));
        yield result;
      }
    };
  }

  /** Groups that the host does not know are in the foreground of what its own group has there. */
  private long foreground(int host, int number, long pointer) {
    long result = request(host, number, guest.memory.pass(pointer, Integer.BYTES));
    int group = guest.process.family.tree().foreground();
    if (result == 0 && group != 0) {
      guest.memory.putInt(pointer, group);
    }
    return result;
  }

  private long setForeground(int host, int number, long pointer) {
    int group = guest.memory.getInt(pointer);
    ProcessTree tree = guest.process.family.tree();
    if (tree.hasOwnGroup(group)) {
      long current = guest.scratch.take(Integer.BYTES);
      long result = request(host, IoctlCommand.TIOCGPGRP.number, current);
      if (result == 0) {
        tree.foreground(group);
      }
      return result;
    }
    long result = request(host, number, guest.memory.pass(pointer, Integer.BYTES));
    if (result == 0) {
      tree.foreground(0);
    }
    return result;
  }

  private long source(long descriptor) {
    int host = guest.fds.host((int) descriptor);
    if (host < 0) {
      throw new CallFailure(Errno.EBADF);
    }
    return host;
  }

  /** Some requests wait, such as for a terminal's output to drain. */
  private long request(int host, int number, long argument) {
    return guest.kernel.wait(
        Syscall.IOCTL, host, Integer.toUnsignedLong(number), argument, 0, 0, 0);
  }
}
