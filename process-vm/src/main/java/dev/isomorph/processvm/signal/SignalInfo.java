package dev.isomorph.processvm.signal;

import dev.isomorph.hostbackend.HostMemory;

/**
 * One occurrence of a signal: the content of a siginfo_t (asm-generic/siginfo.h), which both
 * architectures lay out alike.
 *
 * @param signal its number
 * @param errno an error number, nearly always 0
 * @param code where it came from, one of the SI_ constants or a fault's own code
 * @param word0 bytes 16 to 23: the fault address; or sender's pid and, in the upper half, uid
 * @param word1 bytes 24 to 31: the value sent along; or a child's status
 * @param word2 bytes 32 to 39
 * @param word3 bytes 40 to 47
 */
public record SignalInfo(
    int signal, int errno, int code, long word0, long word1, long word2, long word3) {
  public static final int BYTES = 128;

  public static final int SI_USER = 0;
  public static final int SI_KERNEL = 0x80;
  public static final int SI_QUEUE = -1;
  public static final int SI_TIMER = -2;
  public static final int SI_TKILL = -6;
  public static final int SEGV_MAPERR = 1;
  public static final int SEGV_ACCERR = 2;
  public static final int BUS_ADRALN = 1;
  public static final int BUS_ADRERR = 2;
  public static final int ILL_ILLOPC = 1;
  public static final int TRAP_BRKPT = 1;

  /** A signal that an instruction caused. */
  public static SignalInfo fault(int signal, int code, long address) {
    return new SignalInfo(signal, 0, code, address, 0, 0, 0);
  }

  /** A signal that a process sent. */
  public static SignalInfo sent(int signal, int code, int pid, int uid) {
    return new SignalInfo(signal, 0, code, pid & 0xffff_ffffL | (long) uid << 32, 0, 0, 0);
  }

  /** The same for another signal. */
  public SignalInfo withSignal(int other) {
    return new SignalInfo(other, errno, code, word0, word1, word2, word3);
  }

  /** Whether a process has sent it, by kill(2) and its like. */
  public boolean isSent() {
    return code == SI_USER || code == SI_QUEUE || code == SI_TKILL;
  }

  public int pid() {
    return (int) word0;
  }

  public int uid() {
    return (int) (word0 >>> 32);
  }

  /** Reads a siginfo_t at a host address. */
  public static SignalInfo read(long host) {
    return new SignalInfo(
        HostMemory.getInt(host),
        HostMemory.getInt(host + 4),
        HostMemory.getInt(host + 8),
        HostMemory.getLong(host + 16),
        HostMemory.getLong(host + 24),
        HostMemory.getLong(host + 32),
        HostMemory.getLong(host + 40));
  }

  /** Writes all 128 bytes of a siginfo_t at a host address. */
  public void write(long host) {
    HostMemory.fill(host, BYTES, (byte) 0);
    HostMemory.putInt(host, signal);
    HostMemory.putInt(host + 4, errno);
    HostMemory.putInt(host + 8, code);
    HostMemory.putLong(host + 16, word0);
    HostMemory.putLong(host + 24, word1);
    HostMemory.putLong(host + 32, word2);
    HostMemory.putLong(host + 40, word3);
  }
}
