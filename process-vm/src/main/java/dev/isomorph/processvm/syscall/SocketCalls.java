package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/** Calls on sockets with pointers inside structures, or with addresses that are paths. */
final class SocketCalls implements CallGroup {
  // struct msghdr
  private static final int NAME = 0;
  private static final int NAME_LENGTH = 8;
  private static final int VECTOR = 16;
  private static final int VECTOR_LENGTH = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;
  private static final int MSGHDR_BYTES = 56;

  /** struct mmsghdr: a msghdr, then msg_len. */
  private static final int MMSGHDR_BYTES = 64;

  private static final int MSG_LEN = 56;
  private static final int MOST_MESSAGES = 1024;

  private static final int MSG_CTRUNC = 0x8;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_WAITFORONE = 0x10000;

  /** Most control data a guest may pass; the kernel's own limit is lower by default. */
  private static final long MOST_CONTROL = 1 << 20;

  private static final int AF_UNIX = 1;
  private static final int SUN_PATH = 2;
  private static final int SUN_PATH_BYTES = 108;
  private static final int O_PATH_DIRECTORY = 0x210000;

  private final Guest guest;

  /** An open directory through which an overlong socket path is reached, -1 for none. */
  private long detour = -1;

  SocketCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    int host = guest.fds.host((int) a[0]);
    if (host < 0) {
      return -Errno.EBADF;
    }
    try {
      return switch (call) {
        case BIND -> {
          long address = address(a[1], (int) a[2], false);
          yield guest.kernel.call(call, host, address, addressLength(a[2]), 0);
        }
        case CONNECT -> {
          long address = address(a[1], (int) a[2], true);
          yield guest.kernel.wait(call, host, address, addressLength(a[2]), 0, 0, 0);
        }
        case SENDTO -> {
          long bytes = guest.memory.pass(a[1], a[2]);
          long address = address(a[4], (int) a[5], true);
          yield guest.kernel.wait(
              call, host, bytes, a[2], (int) a[3], address, addressLength(a[5]));
        }
        case SENDMSG -> send(host, a[1], (int) a[2]);
        case RECVMSG -> receive(host, a[1], (int) a[2]);
        case SENDMMSG -> sendAll(host, a[1], a[2] & 0xffff_ffffL, (int) a[3]);
        case RECVMMSG -> receiveAll(host, a[1], a[2] & 0xffff_ffffL, (int) a[3], a[4]);
        default -> throw new IllegalArgumentException(call.name());
      };
    } finally {
      endDetour();
    }
  }

  // ---- Addresses ----

  /** Length of the address last translated, where that differs from the guest's; else 0. */
  private int translatedLength;

  private int addressLength(long length) {
    return translatedLength != 0 ? translatedLength : (int) length;
  }

  /** Returns the host address of a socket address with the host's path in it. */
  private long address(long pointer, int length, boolean follow) {
    translatedLength = 0;
    long same = guest.memory.pass(pointer, 0);
    if (!guest.root.isActive()
        || pointer == 0
        || length <= SUN_PATH
        || length > SUN_PATH + SUN_PATH_BYTES) {
      return same;
    }
    long raw = guest.memory.readable(pointer, length);
    if (HostMemory.getShort(raw) != AF_UNIX || HostMemory.getByte(raw + SUN_PATH) == 0) {
      return same;
    }
    int end = SUN_PATH;
    while (end < length && HostMemory.getByte(raw + end) != 0) {
      end++;
    }
    String path = HostMemory.getString(raw + SUN_PATH, end - SUN_PATH);
    String host = guest.paths.resolve(PathArguments.AT_FDCWD, path, follow);
    if (host.equals(path)) {
      return same;
    }
    if (host.length() >= SUN_PATH_BYTES) {
      host = shorten(host);
    }
    long address = guest.scratch.take(SUN_PATH + SUN_PATH_BYTES);
    HostMemory.putShort(address, (short) AF_UNIX);
    HostMemory.copy(guest.scratch.string(host), address + SUN_PATH, host.length() + 1L);
    translatedLength = SUN_PATH + host.length() + 1;
    return address;
  }

  /** Names a file through an open descriptor of its directory, because sun_path holds little. */
  private String shorten(String path) {
    int slash = path.lastIndexOf('/');
    long directory = guest.scratch.string(path.substring(0, slash + 1));
    detour =
        guest.kernel.call(
            Syscall.OPENAT,
            PathArguments.AT_FDCWD,
            directory,
            O_PATH_DIRECTORY | FileCalls.O_CLOEXEC,
            0);
    String brief = "/proc/thread-self/fd/" + detour + path.substring(slash);
    if (detour < 0 || brief.length() >= SUN_PATH_BYTES) {
      throw new CallFailure(detour < 0 ? (int) -detour : Errno.EINVAL);
    }
    return brief;
  }

  private void endDetour() {
    if (detour >= 0) {
      guest.kernel.call(Syscall.CLOSE, detour);
    }
    detour = -1;
  }

  // ---- Messages ----

  private long send(int host, long pointer, int flags) {
    long header = copyHeader(pointer);
    long name = HostMemory.getLong(header + NAME);
    int nameLength = HostMemory.getInt(header + NAME_LENGTH);
    HostMemory.putLong(header + NAME, address(name, nameLength, true));
    HostMemory.putInt(header + NAME_LENGTH, addressLength(nameLength));
    long controlLength = HostMemory.getLong(header + CONTROL_LENGTH);
    if (controlLength != 0) {
      long control = control(controlLength);
      guest.memory.copyIn(HostMemory.getLong(header + CONTROL), control, controlLength);
      ControlMessages.toHost(guest, control, controlLength);
      HostMemory.putLong(header + CONTROL, control);
    }
    return guest.kernel.wait(Syscall.SENDMSG, host, header, flags, 0, 0, 0);
  }

  private long receive(int host, long pointer, int flags) {
    long header = copyHeader(pointer);
    long name = HostMemory.getLong(header + NAME);
    HostMemory.putLong(header + NAME, guest.memory.pass(name, 0));
    long wanted = HostMemory.getLong(header + CONTROL_LENGTH);
    long guestControl = HostMemory.getLong(header + CONTROL);
    long control = 0;
    if (wanted != 0) {
      control = control(wanted);
      HostMemory.putLong(header + CONTROL, control);
    }
    long result = guest.kernel.wait(Syscall.RECVMSG, host, header, flags, 0, 0, 0);
    if (result < 0) {
      return result;
    }
    long length = HostMemory.getLong(header + CONTROL_LENGTH);
    int messageFlags = HostMemory.getInt(header + FLAGS);
    if (length != 0) {
      if (ControlMessages.toGuest(guest, control, length)) {
        messageFlags |= MSG_CTRUNC;
      }
      guest.memory.copyOut(control, guestControl, length);
    }
    guest.memory.putInt(pointer + NAME_LENGTH, HostMemory.getInt(header + NAME_LENGTH));
    guest.memory.putLong(pointer + CONTROL_LENGTH, length);
    guest.memory.putInt(pointer + FLAGS, messageFlags);
    return result;
  }

  private long copyHeader(long pointer) {
    long header = guest.scratch.take(MSGHDR_BYTES);
    guest.memory.copyIn(pointer, header, MSGHDR_BYTES);
    long count = HostMemory.getLong(header + VECTOR_LENGTH);
    if (count < 0 || count > IoVectors.MOST) {
      throw new CallFailure(EMSGSIZE);
    }
    long vector = IoVectors.translate(guest, HostMemory.getLong(header + VECTOR), count);
    HostMemory.putLong(header + VECTOR, vector);
    return header;
  }

  private static final int EMSGSIZE = 90;
  private static final int ENOBUFS = 105;

  private long control(long length) {
    if (length < 0 || length > MOST_CONTROL) {
      throw new CallFailure(ENOBUFS);
    }
    return guest.scratch.take(length);
  }

  private long sendAll(int host, long pointer, long count, int flags) {
    long most = Math.min(count, MOST_MESSAGES);
    for (long i = 0; i < most; i++) {
      long result = attempt(true, host, pointer + i * MMSGHDR_BYTES, flags);
      if (result < 0) {
        return i == 0 ? result : i;
      }
    }
    return most;
  }

  private long receiveAll(int host, long pointer, long count, int flags, long timeout) {
    long most = Math.min(count, MOST_MESSAGES);
    long deadline = timeout == 0 ? 0 : System.nanoTime() + nanos(timeout);
    int now = flags & ~MSG_WAITFORONE;
    for (long i = 0; i < most; i++) {
      long result = attempt(false, host, pointer + i * MMSGHDR_BYTES, now);
      if (result < 0) {
        return i == 0 ? result : i;
      }
      if ((flags & MSG_WAITFORONE) != 0) {
        now |= MSG_DONTWAIT;
      }
      if (timeout != 0 && System.nanoTime() - deadline >= 0) {
        return i + 1;
      }
    }
    return most;
  }

  private long attempt(boolean sends, int host, long pointer, int flags) {
    try {
      long result = sends ? send(host, pointer, flags) : receive(host, pointer, flags);
      if (result >= 0) {
        guest.memory.putInt(pointer + MSG_LEN, (int) result);
      }
      return result;
    } catch (CallFailure failure) {
      return -failure.errno;
    } finally {
      endDetour();
    }
  }

  private long nanos(long timespec) {
    long seconds = guest.memory.getLong(timespec);
    long nanos = guest.memory.getLong(timespec + 8);
    if (seconds < 0 || nanos < 0 || nanos >= 1_000_000_000) {
      throw new CallFailure(Errno.EINVAL);
    }
    return Math.min(seconds, 1L << 32) * 1_000_000_000 + nanos;
  }
}
