package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.fs.FdTable;

/**
 * The limits of getrlimit(2). Those whose enforcement by the host would hit the JVM rather than the
 * guest are kept here; the others are the host process's own.
 */
final class ResourceLimits {
  static final int BYTES = 16;
  static final long INFINITY = -1;

  private static final int DATA = 2;
  private static final int STACK = 3;
  private static final int RSS = 5;
  private static final int NPROC = 6;
  private static final int NOFILE = 7;
  private static final int MEMLOCK = 8;
  private static final int AS = 9;
  private static final int COUNT = 16;

  /** Most descriptors the guest may have while the JVM needs some, too. */
  private static final int HOST_RESERVE = 64;

  private final HostKernel kernel;
  private final long[] soft = new long[COUNT];
  private final long[] hard = new long[COUNT];
  private final boolean[] known = new boolean[COUNT];
  private FdTable fds;

  ResourceLimits(HostKernel kernel) {
    this.kernel = kernel;
  }

  /** Those of a new process, which inherits them. */
  synchronized ResourceLimits copy() {
    ResourceLimits copy = new ResourceLimits(kernel);
    System.arraycopy(soft, 0, copy.soft, 0, COUNT);
    System.arraycopy(hard, 0, copy.hard, 0, COUNT);
    System.arraycopy(known, 0, copy.known, 0, COUNT);
    return copy;
  }

  /** Tells {@code table} from now on when the limit on descriptors changes. */
  void govern(FdTable table) {
    fds = table;
  }

  /** The soft limit on descriptors. */
  synchronized int openFiles() {
    long address = HostMemory.allocate(BYTES);
    int result =
        get(NOFILE, address) == 0
            ? (int) Math.min(Integer.toUnsignedLong((int) HostMemory.getLong(address)), 1 << 20)
            : 1024;
    HostMemory.free(address, BYTES);
    return result;
  }

  /** The soft limit on the stack in bytes, -1 for none. */
  synchronized long stack() {
    long address = HostMemory.allocate(BYTES);
    long result = get(STACK, address) == 0 ? HostMemory.getLong(address) : INFINITY;
    HostMemory.free(address, BYTES);
    return result;
  }

  /** The soft limit on mapped memory in bytes, -1 for none; the host's own is the JVM's affair. */
  synchronized long addressSpace() {
    return known[AS] ? soft[AS] : INFINITY;
  }

  private static boolean isKeptHere(int resource) {
    return switch (resource) {
      case DATA, STACK, RSS, NPROC, NOFILE, MEMLOCK, AS -> true;
      default -> false;
    };
  }

  /** Stores soft and hard limit at a host address; returns 0 or a negative errno. */
  synchronized long get(int resource, long address) {
    if (resource < 0 || resource >= COUNT) {
      return -Errno.EINVAL;
    }
    if (known[resource]) {
      HostMemory.putLong(address, soft[resource]);
      HostMemory.putLong(address + 8, hard[resource]);
      return 0;
    }
    return kernel.call(Syscall.PRLIMIT64, 0, resource, 0, address);
  }

  /** Sets soft and hard limit from a host address; returns 0 or a negative errno. */
  synchronized long set(int resource, long address) {
    if (!isKeptHere(resource)) {
      return kernel.call(Syscall.PRLIMIT64, 0, resource, address, 0);
    }
    long newSoft = HostMemory.getLong(address);
    long newHard = HostMemory.getLong(address + 8);
    if (Long.compareUnsigned(newSoft, newHard) > 0) {
      return -Errno.EINVAL;
    }
    long current = HostMemory.allocate(BYTES);
    long result = get(resource, current);
    long oldHard = HostMemory.getLong(current + 8);
    HostMemory.free(current, BYTES);
    if (result != 0) {
      return result;
    }
    boolean raises = Long.compareUnsigned(newHard, oldHard) > 0;
    if (raises && kernel.call(Syscall.GETEUID, 0) != 0) {
      return -Errno.EPERM;
    }
    if (resource == NOFILE) {
      result = widenHost(newSoft, newHard);
      if (result != 0) {
        return result;
      }
    }
    soft[resource] = newSoft;
    hard[resource] = newHard;
    known[resource] = true;
    return 0;
  }

  /** The host's descriptors are the guest's and the JVM's; narrowing concerns the guest alone. */
  private long widenHost(long newSoft, long newHard) {
    if (newSoft < 0 || newSoft > 1 << 20) {
      return -Errno.EPERM; // Above fs.nr_open.
    }
    long host = HostMemory.allocate(BYTES);
    kernel.call(Syscall.PRLIMIT64, 0, NOFILE, 0, host);
    long result = 0;
    if (HostMemory.getLong(host) < newSoft + HOST_RESERVE) {
      long hostHard = Math.max(HostMemory.getLong(host + 8), newHard);
      HostMemory.putLong(host, Math.min(newSoft + HOST_RESERVE, hostHard));
      HostMemory.putLong(host + 8, hostHard);
      result = kernel.call(Syscall.PRLIMIT64, 0, NOFILE, host, 0);
    }
    HostMemory.free(host, BYTES);
    if (result == 0) {
      fds.limit((int) newSoft);
    }
    return result;
  }
}
