package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;

/** Prints the larger structures of system calls, as strace(1) does. All return true. */
final class StraceStructures {
  private StraceStructures() {}

  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int UTSNAME_FIELD = 65;
  private static final int CLD_EXITED = 1; // asm-generic/siginfo.h
  private static final String[] UTSNAME = {"sysname", "nodename", "release", "version", "machine"};

  static boolean stat(StringBuilder out, Guest guest, long address) {
    int mode = guest.memory.getInt(address + 16);
    out.append("{st_mode=").append(FlagNames.FILE_TYPE.one(mode & 0xf000));
    out.append("|0").append(Integer.toOctalString(mode & 0xfff));
    boolean isDevice = (mode & 0xf000) == 0x2000 || (mode & 0xf000) == 0x6000;
    if (isDevice) {
      long device = guest.memory.getLong(address + 32);
      out.append(", st_rdev=makedev(0x").append(Long.toHexString(device >> 8 & 0xfff));
      out.append(", 0x").append(Long.toHexString(device & 0xff)).append(')');
    } else {
      out.append(", st_size=").append(guest.memory.getLong(address + 48));
    }
    out.append(", ...}");
    return true;
  }

  static boolean limit(StringBuilder out, Guest guest, long address) {
    out.append("{rlim_cur=").append(limit(guest.memory.getLong(address)));
    out.append(", rlim_max=").append(limit(guest.memory.getLong(address + 8))).append('}');
    return true;
  }

  private static String limit(long value) {
    if (value == ResourceLimits.INFINITY) {
      return "RLIM64_INFINITY";
    }
    boolean isKilobytes = value >= 1024 && value % 1024 == 0;
    return isKilobytes ? value / 1024 + "*1024" : Long.toUnsignedString(value);
  }

  static boolean utsname(StringBuilder out, Guest guest, long address) {
    for (int i = 0; i < UTSNAME.length; i++) {
      out.append(i == 0 ? "{" : ", ").append(UTSNAME[i]).append('=');
      String text = guest.memory.string(address + (long) i * UTSNAME_FIELD, UTSNAME_FIELD);
      StraceArguments.quote(out, text == null ? "" : text, false);
    }
    out.append(", ...}");
    return true;
  }

  static boolean address(StringBuilder out, Guest guest, long address, int length) {
    if (length < 2) {
      out.append(StraceArguments.pointer(address));
      return true;
    }
    long host = guest.memory.readable(address, Math.min(length, 128));
    int family = HostMemory.getShort(host) & 0xffff;
    out.append("{sa_family=").append(FlagNames.FAMILY.one(family));
    if (family == AF_UNIX && length > 2) {
      boolean isAbstract = HostMemory.getByte(host + 2) == 0;
      String path = HostMemory.getString(host + 2, Math.min(length, 110) - 2);
      int end = isAbstract ? path.length() : path.indexOf('\0');
      out.append(isAbstract ? ", sun_path=@" : ", sun_path=");
      StraceArguments.quote(
          out, path.substring(isAbstract ? 1 : 0, end < 0 ? path.length() : end), false);
    } else if (family == AF_INET && length >= 8) {
      out.append(", sin_port=htons(").append(bigEndian(host + 2)).append(')');
      out.append(", sin_addr=inet_addr(\"");
      for (int i = 0; i < 4; i++) {
        out.append(i == 0 ? "" : ".").append(HostMemory.getByte(host + 4 + i) & 0xff);
      }
      out.append("\")");
    } else if (family != 0) {
      out.append(", ...");
    }
    out.append('}');
    return true;
  }

  /** What a signal brings along. */
  static boolean signalInfo(StringBuilder out, SignalInfo info) {
    int signal = info.signal();
    out.append("{si_signo=").append(Signal.name(signal)).append(", si_code=");
    out.append(codeName(info));
    boolean isOwnCode = info.code() > 0 && info.code() < SignalInfo.SI_KERNEL;
    if (isOwnCode && signal != Signal.SIGCHLD) {
      out.append(", si_addr=").append(StraceArguments.pointer(info.word0()));
    } else if (isOwnCode || info.code() <= 0) {
      out.append(", si_pid=").append(info.pid()).append(", si_uid=").append(info.uid());
    }
    if (isOwnCode && signal == Signal.SIGCHLD) {
      int status = (int) info.word1();
      boolean isExit = info.code() == CLD_EXITED;
      out.append(", si_status=").append(isExit ? Integer.toString(status) : Signal.name(status));
    }
    out.append('}');
    return true;
  }

  private static String codeName(SignalInfo info) {
    return switch (info.code()) {
      case SignalInfo.SI_USER -> "SI_USER";
      case SignalInfo.SI_KERNEL -> "SI_KERNEL";
      case SignalInfo.SI_QUEUE -> "SI_QUEUE";
      case SignalInfo.SI_TIMER -> "SI_TIMER";
      case SignalInfo.SI_TKILL -> "SI_TKILL";
      default ->
          switch (info.signal()) {
            case Signal.SIGSEGV -> FlagNames.SEGV_CODE.one(info.code());
            case Signal.SIGBUS -> FlagNames.BUS_CODE.one(info.code());
            case Signal.SIGILL -> FlagNames.ILL_CODE.one(info.code());
            case Signal.SIGTRAP -> FlagNames.TRAP_CODE.one(info.code());
            case Signal.SIGCHLD -> FlagNames.CHLD_CODE.one(info.code());
            default -> Integer.toString(info.code());
          };
    };
  }

  /** A child's status as wait(2) stores it, in the macros that take it apart. */
  static boolean waitStatus(StringBuilder out, int status) {
    int signal = status & 0x7f;
    out.append("[{");
    if (status == 0xffff) {
      out.append("WIFCONTINUED(s)");
    } else if (signal == 0x7f) {
      out.append("WIFSTOPPED(s) && WSTOPSIG(s) == ").append(Signal.name(status >> 8 & 0xff));
    } else if (signal == 0) {
      out.append("WIFEXITED(s) && WEXITSTATUS(s) == ").append(status >> 8 & 0xff);
    } else {
      out.append("WIFSIGNALED(s) && WTERMSIG(s) == ").append(Signal.name(signal));
      out.append((status & 0x80) != 0 ? " && WCOREDUMP(s)" : "");
    }
    out.append("}]");
    return true;
  }

  private static int bigEndian(long address) {
    return (HostMemory.getByte(address) & 0xff) << 8 | HostMemory.getByte(address + 1) & 0xff;
  }
}
