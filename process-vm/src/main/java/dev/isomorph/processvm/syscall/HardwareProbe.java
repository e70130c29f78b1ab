package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/**
 * riscv_hwprobe(2): what the guest's harts can do (Documentation/arch/riscv/hwprobe.rst). All harts
 * are alike.
 */
final class HardwareProbe {
  private static final int PAIR_BYTES = 16;
  private static final int WHICH_CPUS = 1;

  /** Bytes of a set of CPUs that are looked at: as many as the kernel has for its own. */
  private static final int CPU_SET_BYTES = 128;

  private static final long BASE_IMA = 1;
  private static final long MISALIGNED_FAST = 3;
  private static final long MISALIGNED_VECTOR_UNSUPPORTED = 4;
  private static final long CACHE_BLOCK_BYTES = 64;

  /** Ticks of the time CSR in a second. */
  private static final long TIME_FREQUENCY = 10_000_000;

  /** Bits of key 4 for what the decoder knows. */
  private static final long EXTENSIONS =
      1L << 0 // F and D
          | 1L << 1 // C
          | 1L << 3 // Zba
          | 1L << 4 // Zbb
          | 1L << 5 // Zbs
          | 1L << 6 // Zicboz
          | 1L << 7 // Zbc
          | 1L << 28 // Zfhmin
          | 1L << 29 // Zihintntl
          | 1L << 32 // Zfa
          | 1L << 35 // Zicond
          | 1L << 36 // Zihintpause
          | 1L << 42 // Zimop
          | 1L << 43 // Zca
          | 1L << 44 // Zcb
          | 1L << 45 // Zcd
          | 1L << 47 // Zcmop
          | 1L << 48 // Zawrs
          | 1L << 50 // Zicntr
          | 1L << 55 // Zicbom
          | 1L << 56 // Zaamo
          | 1L << 57; // Zalrsc

  private final Guest guest;

  HardwareProbe(Guest guest) {
    this.guest = guest;
  }

  long call(long pairs, long count, long setSize, long set, int flags) {
    if ((flags & WHICH_CPUS) != 0) {
      return flags == WHICH_CPUS ? whichCpus(pairs, count, setSize, set) : -Errno.EINVAL;
    }
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    if ((setSize != 0 || set != 0) && onlineAmong(set, setSize) == 0) {
      return -Errno.EINVAL;
    }
    for (long i = 0; i < count; i++) {
      long pair = pairs + i * PAIR_BYTES;
      long key = guest.memory.getLong(pair);
      boolean known = isKnown(key);
      guest.memory.putLong(pair, known ? key : -1);
      guest.memory.putLong(pair + 8, known ? value(key) : 0);
    }
    return 0;
  }

  private static boolean isKnown(long key) {
    return key >= 0 && key <= 10 || key == 12;
  }

  private long value(long key) {
    return switch ((int) key) {
      case 3 -> BASE_IMA;
      case 4 -> EXTENSIONS;
      case 5, 9 -> MISALIGNED_FAST;
      case 6, 12 -> CACHE_BLOCK_BYTES;
      case 7 -> guest.space.size() - 1;
      case 8 -> TIME_FREQUENCY;
      case 10 -> MISALIGNED_VECTOR_UNSUPPORTED;
      default -> 0; // mvendorid, marchid, mimpid
    };
  }

  /** Leaves in the set those CPUs that have all the values asked for: all or none. */
  private long whichCpus(long pairs, long count, long setSize, long set) {
    if (setSize == 0 || set == 0) {
      return -Errno.EINVAL;
    }
    boolean all = true;
    for (long i = 0; i < count; i++) {
      long pair = pairs + i * PAIR_BYTES;
      long key = guest.memory.getLong(pair);
      if (!isKnown(key)) {
        guest.memory.putLong(pair, -1);
        guest.memory.putLong(pair + 8, 0);
        all = false;
      } else {
        all &= matches(key, guest.memory.getLong(pair + 8));
      }
    }
    long online = onlineAmong(set, setSize);
    int bytes = (int) Math.min(setSize, CPU_SET_BYTES);
    long answer = guest.memory.writable(set, bytes);
    if (!all) {
      HostMemory.fill(answer, bytes, (byte) 0);
    } else {
      HostMemory.copy(onlineBits, answer, bytes);
    }
    return online >= 0 ? 0 : -Errno.EINVAL;
  }

  private boolean matches(long key, long wanted) {
    boolean isBits = key == 3 || key == 4 || key == 5;
    return isBits ? (value(key) & wanted) == wanted : value(key) == wanted;
  }

  /** Host address of the CPUs found by {@link #onlineAmong}. */
  private long onlineBits;

  /** Counts those CPUs of a guest's set on which the process may run; of an empty set, all. */
  private long onlineAmong(long set, long setSize) {
    int bytes = (int) Math.min(setSize, CPU_SET_BYTES);
    long wanted = guest.scratch.zeroed(CPU_SET_BYTES);
    guest.memory.copyIn(set, wanted, bytes);
    onlineBits = guest.scratch.zeroed(CPU_SET_BYTES);
    guest.kernel.call(Syscall.SCHED_GETAFFINITY, 0, CPU_SET_BYTES, onlineBits, 0);
    long count = 0;
    for (int i = 0; i < CPU_SET_BYTES; i += 8) {
      long common = HostMemory.getLong(onlineBits + i) & HostMemory.getLong(wanted + i);
      count += Long.bitCount(common);
    }
    return count;
  }
}
