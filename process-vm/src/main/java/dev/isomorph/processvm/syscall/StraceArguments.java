package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalAction;
import dev.isomorph.processvm.signal.SignalInfo;
import java.util.ArrayList;
import java.util.List;

/** Prints arguments of system calls by their kind, as strace(1) does. */
final class StraceArguments {
  /** Bytes of data shown of a buffer. */
  private static final int SHOWN = 32;

  /** Strings shown of an array of strings. */
  private static final int SHOWN_STRINGS = 32;

  /** Elements shown of an array. */
  private static final int SHOWN_ELEMENTS = 8;

  private static final int O_CREAT = 0x40;
  private static final int O_TMPFILE = 0x410000;
  private static final int F_GETLK = 5;
  private static final int F_GETOWN_EX = 16;
  private static final int F_OFD_GETLK = 36;

  private final Guest guest;

  StraceArguments(Guest guest) {
    this.guest = guest;
  }

  /** How many arguments a call has, given the first ones. */
  static int count(Syscall call, long[] a) {
    boolean hasLast =
        switch (call) {
          case OPENAT -> (a[2] & O_CREAT) != 0 || (a[2] & O_TMPFILE) == O_TMPFILE;
          case FCNTL -> !FlagNames.FCNTL.one((int) a[1]).startsWith("F_GET") || takesBuffer(a[1]);
          default -> true;
        };
    return call.arguments.length - (hasLast ? 0 : 1);
  }

  private static boolean takesBuffer(long command) {
    return command == F_GETLK || command == F_OFD_GETLK || command == F_GETOWN_EX;
  }

  /** Whether an argument points to what the call gives out, so that it is printed afterwards. */
  boolean isResult(Arg argument) {
    return switch (argument) {
      case OUT_BYTES,
          OUT_INT,
          OUT_INT_PAIR,
          OUT_TIMESPEC,
          OUT_TIMEVAL,
          OUT_TIMER,
          OUT_SIGSET,
          OUT_SIGACTION,
          OUT_SOCKADDR,
          OUT_STAT,
          OUT_RLIMIT,
          OUT_UTSNAME,
          OUT_WAIT_STATUS,
          OUT_SIGINFO,
          POLLFDS,
          IOVEC ->
          true;
      default -> false;
    };
  }

  /** Appends argument {@code i}; {@code result} counts only for what the call gives out. */
  void print(StringBuilder out, Syscall call, int i, long[] a, long result) {
    long value = a[i];
    Arg argument = call.arguments[i];
    if (argument.kind == Arg.Kind.POINTER || argument.kind == Arg.Kind.BUFFER) {
      boolean failed = isResult(argument) && HostKernel.failed(result);
      boolean sent = argument == Arg.IOVEC && sendsVector(call);
      if (value == 0 || failed && !sent || !pointed(out, call, argument, i, a, result)) {
        out.append(pointer(value));
      }
      return;
    }
    switch (argument) {
      case PATH, PATH_ENTRY, PATH_AT -> string(out, value, UserMemory.PATH_MAX);
      case DIRFD ->
          out.append((int) value == PathArguments.AT_FDCWD ? "AT_FDCWD" : "" + (int) value);
      case INT, PID, TID, UID, FD -> out.append((int) value);
      case UINT -> out.append(value & 0xffff_ffffL);
      case OCTAL -> out.append(value == 0 ? "0" : "0" + Long.toOctalString(value & 0xffff_ffffL));
      case LONG, SIZE, OFFSET -> out.append(value);
      case ADDRESS -> out.append(pointer(value));
      case HEX -> out.append(value == 0 ? "0" : "0x" + Long.toHexString(value));
      case SIGNAL -> out.append(Signal.name((int) value));
      case CLOCK -> out.append(FlagNames.CLOCK.one((int) value));
      case OPEN_FLAGS -> openFlags(out, call, value);
      case AT_FLAGS -> out.append(FlagNames.AT.bits((int) value, "0"));
      case ACCESS_MODE -> out.append(FlagNames.ACCESS.bits((int) value, "F_OK"));
      case WHENCE -> out.append(FlagNames.WHENCE.one((int) value));
      case PROT -> out.append(FlagNames.PROT.bits(value, "PROT_NONE"));
      case MAP_FLAGS -> {
        out.append(FlagNames.MAP_TYPE.one(value & 0xf));
        out.append((value & ~0xfL) == 0 ? "" : "|" + FlagNames.MAP.bits(value & ~0xfL, ""));
      }
      case MREMAP_FLAGS -> out.append(FlagNames.MREMAP.bits(value, "0"));
      case ADVICE -> out.append(FlagNames.ADVICE.one((int) value));
      case CLONE_FLAGS -> {
        out.append(FlagNames.CLONE.bits(value & ~0xffL, ""));
        out.append((value & 0xff) == 0 ? "" : "|" + Signal.name((int) value & 0xff));
      }
      case FCNTL_COMMAND -> out.append(FlagNames.FCNTL.one((int) value));
      case IOCTL_COMMAND -> {
        IoctlCommand command = IoctlCommand.of((int) value);
        out.append(command != null ? command.name() : "0x" + Integer.toHexString((int) value));
      }
      case LOCK_OPERATION -> out.append(FlagNames.LOCK.one((int) value));
      case SOCKET_FAMILY -> out.append(FlagNames.FAMILY.one((int) value));
      case SOCKET_TYPE -> {
        out.append(FlagNames.SOCKET_TYPE.one((int) value & 0xf));
        String flags = FlagNames.SOCKET_TYPE_FLAGS.bits((int) value & ~0xf, "");
        out.append(flags.isEmpty() ? "" : "|").append(flags);
      }
      case SOCKET_LEVEL -> out.append(FlagNames.LEVEL.one((int) value));
      case MESSAGE_FLAGS -> out.append(FlagNames.MESSAGE.bits(value & 0xffff_ffffL, "0"));
      case EPOLL_OPERATION -> out.append(FlagNames.EPOLL.one((int) value));
      case SIGMASK_HOW -> out.append(FlagNames.SIGMASK.one((int) value));
      case FUTEX_OPERATION -> {
        out.append(FlagNames.FUTEX.one((int) value & 0x7f));
        out.append(((int) value & 0x80) == 0 ? "" : "_PRIVATE");
        out.append(((int) value & 0x100) == 0 ? "" : "|FUTEX_CLOCK_REALTIME");
      }
      case RANDOM_FLAGS -> out.append(FlagNames.RANDOM.bits((int) value, "0"));
      case RLIMIT_RESOURCE -> out.append(FlagNames.RLIMIT.one((int) value));
      case PRCTL_OPTION -> out.append(FlagNames.PRCTL.one((int) value));
      case WAIT_OPTIONS -> out.append(FlagNames.WAIT.bits(value & 0xffff_ffffL, "0"));
      case WAITID_OPTIONS -> out.append(FlagNames.WAITID.bits(value & 0xffff_ffffL, "0"));
      case WAIT_ID_TYPE -> out.append(FlagNames.WAIT_ID_TYPE.one((int) value));
      default -> out.append(pointer(value));
    }
  }

  static String pointer(long value) {
    return value == 0 ? "NULL" : "0x" + Long.toHexString(value);
  }

  private static boolean sendsVector(Syscall call) {
    return switch (call) {
      case WRITEV, PWRITEV, PWRITEV2, VMSPLICE -> true;
      default -> false;
    };
  }

  private static void openFlags(StringBuilder out, Syscall call, long value) {
    boolean hasAccessMode = call == Syscall.OPENAT || call == Syscall.MQ_OPEN;
    if (!hasAccessMode) {
      out.append(FlagNames.OPEN.bits((int) value, "0"));
      return;
    }
    out.append(FlagNames.ACCESS_MODE.one(value & 3));
    String flags = FlagNames.OPEN.bits((int) value & ~3, "");
    out.append(flags.isEmpty() ? "" : "|").append(flags);
  }

  /** Appends what a pointer leads to; returns false if that is not worth it or not possible. */
  private boolean pointed(
      StringBuilder out, Syscall call, Arg argument, int i, long[] a, long result) {
    int start = out.length();
    try {
      return switch (argument) {
        case STRING -> string(out, a[i], UserMemory.PATH_MAX);
        case IN_BYTES -> bytes(out, a[i], a[i + 1], SHOWN);
        case OUT_BYTES -> call != Syscall.GETDENTS64 && bytes(out, a[i], result, SHOWN);
        case OUT_INT -> append(out, "[" + guest.memory.getInt(a[i]) + "]");
        case OUT_INT_PAIR ->
            append(
                out, "[" + guest.memory.getInt(a[i]) + ", " + guest.memory.getInt(a[i] + 4) + "]");
        case IN_TIMESPEC, OUT_TIMESPEC -> time(out, a[i], "tv_nsec");
        case OUT_TIMEVAL -> time(out, a[i], "tv_usec");
        case IN_TIMESPEC_PAIR -> {
          out.append('[');
          time(out, a[i], "tv_nsec");
          out.append(", ");
          time(out, a[i] + 16, "tv_nsec");
          yield append(out, "]");
        }
        case IN_TIMER, OUT_TIMER -> timer(out, call, a[i]);
        case IN_SIGSET, OUT_SIGSET -> signals(out, guest.memory.getLong(a[i]));
        case IN_SIGACTION, OUT_SIGACTION -> action(out, a[i]);
        case IN_SOCKADDR -> StraceStructures.address(out, guest, a[i], (int) a[i + 1]);
        case OUT_SOCKADDR ->
            a[i + 1] != 0
                && StraceStructures.address(out, guest, a[i], guest.memory.getInt(a[i + 1]));
        case OUT_STAT -> StraceStructures.stat(out, guest, a[i]);
        case IN_RLIMIT, OUT_RLIMIT -> StraceStructures.limit(out, guest, a[i]);
        case OUT_UTSNAME -> StraceStructures.utsname(out, guest, a[i]);
        case OUT_WAIT_STATUS ->
            // Nothing is stored if no child has changed.
            result != 0 && StraceStructures.waitStatus(out, guest.memory.getInt(a[i]));
        case OUT_SIGINFO -> signalInfo(out, a[i]);
        case STRINGS -> strings(out, beginnings(pointers(a[i])));
        case ENVIRONMENT -> environment(out, a[i], pointers(a[i]).size());
        case POLLFDS -> polled(out, a[i], a[i + 1]);
        case IOVEC -> vector(out, a[i], a[i + 1], sendsVector(call) ? Long.MAX_VALUE : result);
        default -> false;
      };
    } catch (CallFailure unreadable) {
      out.setLength(start);
      return false;
    }
  }

  private static boolean append(StringBuilder out, String text) {
    out.append(text);
    return true;
  }

  private boolean string(StringBuilder out, long address, int limit) {
    try {
      String text = guest.memory.string(address, limit);
      quote(out, text == null ? "" : text, text == null);
      return true;
    } catch (CallFailure unreadable) {
      out.append(pointer(address));
      return true;
    }
  }

  /** The pointers of an array that ends with a null pointer. */
  private List<Long> pointers(long address) {
    List<Long> pointers = new ArrayList<>();
    for (long at = address; guest.memory.getLong(at) != 0; at += Long.BYTES) {
      pointers.add(guest.memory.getLong(at));
    }
    return pointers;
  }

  /** As much of the strings that are pointed to as is shown, and a byte more. */
  private List<String> beginnings(List<Long> pointers) {
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < Math.min(pointers.size(), SHOWN_STRINGS + 1); i++) {
      strings.add(guest.memory.beginning(pointers.get(i), SHOWN + 1));
    }
    return strings;
  }

  /** Appends an array of strings, the beginnings of long ones. */
  static boolean strings(StringBuilder out, List<String> strings) {
    out.append('[');
    for (int i = 0; i < Math.min(strings.size(), SHOWN_STRINGS); i++) {
      String text = strings.get(i);
      out.append(i == 0 ? "" : ", ");
      quote(out, text.substring(0, Math.min(text.length(), SHOWN)), text.length() > SHOWN);
    }
    out.append(strings.size() > SHOWN_STRINGS ? ", ...]" : "]");
    return true;
  }

  /** Appends the address of an environment and the number of its variables. */
  static boolean environment(StringBuilder out, long address, int variables) {
    out.append(pointer(address)).append(" /* ").append(variables);
    out.append(variables == 1 ? " var */" : " vars */");
    return true;
  }

  private boolean bytes(StringBuilder out, long address, long length, int shown) {
    int count = (int) Math.min(Math.max(0, length), shown);
    String text =
        count == 0 ? "" : HostMemory.getString(guest.memory.readable(address, count), count);
    quote(out, text, length > shown);
    return true;
  }

  /** Appends a string in C's notation. */
  static void quote(StringBuilder out, String text, boolean isCut) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c >= ' ' && c < 0x7f) {
            out.append(c);
          } else {
            boolean digitFollows =
                i + 1 < text.length() && text.charAt(i + 1) >= '0' && text.charAt(i + 1) <= '9';
            String octal = Integer.toOctalString(c);
            out.append('\\').append(digitFollows ? "000".substring(octal.length()) : "");
            out.append(octal);
          }
        }
      }
    }
    out.append(isCut ? "\"..." : "\"");
  }

  private boolean time(StringBuilder out, long address, String fraction) {
    out.append("{tv_sec=").append(guest.memory.getLong(address));
    out.append(", ").append(fraction).append('=').append(guest.memory.getLong(address + 8));
    out.append('}');
    return true;
  }

  private boolean timer(StringBuilder out, Syscall call, long address) {
    boolean isMicroseconds = call == Syscall.SETITIMER || call == Syscall.GETITIMER;
    String fraction = isMicroseconds ? "tv_usec" : "tv_nsec";
    out.append("{it_interval=");
    time(out, address, fraction);
    out.append(", it_value=");
    time(out, address + 16, fraction);
    out.append('}');
    return true;
  }

  private static boolean signals(StringBuilder out, long set) {
    boolean isInverse = Long.bitCount(set) > 32;
    out.append(isInverse ? "~[" : "[");
    String separator = "";
    for (long rest = isInverse ? ~set : set; rest != 0; rest &= rest - 1) {
      String name = Signal.name(Long.numberOfTrailingZeros(rest) + 1);
      out.append(separator).append(name.startsWith("SIG") ? name.substring(3) : name);
      separator = " ";
    }
    out.append(']');
    return true;
  }

  private boolean action(StringBuilder out, long address) {
    long handler = guest.memory.getLong(address);
    out.append("{sa_handler=");
    out.append(
        handler == SignalAction.DEFAULT
            ? "SIG_DFL"
            : handler == SignalAction.IGNORE ? "SIG_IGN" : pointer(handler));
    out.append(", sa_mask=");
    signals(out, guest.memory.getLong(address + 16));
    out.append(", sa_flags=");
    out.append(FlagNames.SIGACTION.bits(guest.memory.getLong(address + 8), "0")).append('}');
    return true;
  }

  private boolean signalInfo(StringBuilder out, long address) {
    SignalInfo info = SignalInfo.read(guest.memory.readable(address, SignalInfo.BYTES));
    return info.signal() == 0 ? append(out, "{}") : StraceStructures.signalInfo(out, info);
  }

  private boolean polled(StringBuilder out, long address, long count) {
    out.append('[');
    for (long i = 0; i < Math.min(count, SHOWN_ELEMENTS); i++) {
      int events = guest.memory.getInt(address + 8 * i + 4);
      out.append(i == 0 ? "{fd=" : ", {fd=").append(guest.memory.getInt(address + 8 * i));
      out.append(", events=").append(FlagNames.POLL.bits(events & 0xffff, "0"));
      if (events >>> 16 != 0) {
        out.append(", revents=").append(FlagNames.POLL.bits(events >>> 16, "0"));
      }
      out.append('}');
    }
    out.append(count > SHOWN_ELEMENTS ? ", ...]" : "]");
    return true;
  }

  private boolean vector(StringBuilder out, long address, long count, long available) {
    out.append('[');
    long rest = available;
    for (long i = 0; i < Math.min(count, SHOWN_ELEMENTS); i++) {
      long length = guest.memory.getLong(address + 16 * i + 8);
      out.append(i == 0 ? "{iov_base=" : ", {iov_base=");
      bytes(out, guest.memory.getLong(address + 16 * i), Math.min(length, rest), SHOWN);
      out.append(", iov_len=").append(length).append('}');
      rest -= Math.min(length, rest);
    }
    out.append(count > SHOWN_ELEMENTS ? ", ...]" : "]");
    return true;
  }
}
