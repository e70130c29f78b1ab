package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.MappedFile;
import dev.isomorph.processvm.memory.Mman;

/** Calls about memory: the address space does the work. */
final class MemoryCalls implements CallGroup {
  private static final int IPC_STAT = 2;
  private static final int SHMID_SIZE = 112;
  private static final int SHM_SEGSZ = 48;
  private static final int SHM_RDONLY = 0x1000;
  private static final int SHM_RND = 0x2000;
  private static final int SHM_REMAP = 0x4000;
  private static final int STAT_DEVICE = 0;
  private static final int STAT_INODE = 8;

  private final Guest guest;

  MemoryCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    return switch (call) {
      case BRK -> brk(a[0]);
      case MMAP -> mmap(a);
      case MUNMAP -> guest.space.munmap(a[0], a[1]);
      case MREMAP ->
          exceedsLimit(AddressSpace.pageAlign(a[2]) - AddressSpace.pageAlign(a[1]))
              ? -Errno.ENOMEM
              : guest.space.mremap(a[0], a[1], a[2], (int) a[3], a[4]);
      case MPROTECT -> guest.space.mprotect(a[0], a[1], (int) a[2]);
      case MADVISE -> guest.space.madvise(a[0], a[1], (int) a[2]);
      case MSYNC -> guest.space.msync(a[0], a[1], (int) a[2]);
      case MINCORE -> guest.space.mincore(a[0], a[1], a[2]);
      case MLOCK -> guest.space.mlock(a[0], a[1], 0);
      case MLOCK2 -> guest.space.mlock(a[0], a[1], (int) a[2]);
      case MUNLOCK -> guest.space.munlock(a[0], a[1]);
      case MLOCKALL -> guest.space.mlockall((int) a[0]);
      case MUNLOCKALL -> guest.space.munlockall();
      case SHMAT -> attach((int) a[0], a[1], (int) a[2]);
      case SHMDT -> detach(a[0]);
      default -> throw new IllegalArgumentException(call.name());
    };
  }

  /** Whether so many bytes more would be more than RLIMIT_AS allows. */
  private boolean exceedsLimit(long added) {
    long limit = guest.limits.addressSpace();
    return limit != ResourceLimits.INFINITY
        && added > 0
        && Long.compareUnsigned(guest.space.mappedBytes() + added, limit) > 0;
  }

  /** As the kernel does, it returns the old end on failure. */
  private long brk(long address) {
    long end = guest.limits.addressSpace() == ResourceLimits.INFINITY ? 0 : guest.space.brk(0);
    boolean refused =
        end != 0
            && Long.compareUnsigned(address, end) > 0
            && exceedsLimit(AddressSpace.pageAlign(address) - AddressSpace.pageAlign(end));
    return refused ? end : guest.space.brk(address);
  }

  private long mmap(long[] a) {
    int flags = (int) a[3];
    if (guest.limits.addressSpace() != ResourceLimits.INFINITY) {
      long length = AddressSpace.pageAlign(a[1]);
      long replaced = (flags & Mman.MAP_FIXED) != 0 ? guest.space.mappedBytes(a[0], length) : 0;
      if (exceedsLimit(length - replaced)) {
        return -Errno.ENOMEM;
      }
    }
    if ((flags & Mman.MAP_ANONYMOUS) != 0) {
      return guest.space.mmap(a[0], a[1], (int) a[2], flags, -1, a[5], null);
    }
    int host = guest.fds.host((int) a[4]);
    if (host < 0) {
      return -Errno.EBADF;
    }
    return guest.space.mmap(a[0], a[1], (int) a[2], flags, host, a[5], describe(host));
  }

  private MappedFile describe(int host) {
    long stat = guest.scratch.zeroed(StructLayout.STAT.hostSize);
    guest.kernel.call(Syscall.FSTAT, host, stat);
    String path = guest.root.files().pathOf(host);
    return new MappedFile(
        path == null ? "" : guest.root.toGuest(path),
        HostMemory.getLong(stat + STAT_DEVICE),
        HostMemory.getLong(stat + STAT_INODE));
  }

  /** shmat(2): a place is mapped first, and the segment then takes it over. */
  private long attach(int id, long wanted, int flags) {
    long status = guest.scratch.take(SHMID_SIZE);
    long result = guest.kernel.call(Syscall.SHMCTL, id, IPC_STAT, status, 0);
    if (result < 0) {
      return result;
    }
    long address = wanted;
    if ((address & 0xfff) != 0) {
      if ((flags & SHM_RND) == 0) {
        return -Errno.EINVAL;
      }
      address &= -0x1000L;
    }
    int fixed = address == 0 ? 0 : Mman.MAP_FIXED_NOREPLACE;
    if (address != 0 && (flags & SHM_REMAP) != 0) {
      fixed = Mman.MAP_FIXED;
    }
    int protection = Mman.PROT_READ | ((flags & SHM_RDONLY) != 0 ? 0 : Mman.PROT_WRITE);
    long place =
        guest.space.mmap(
            address,
            HostMemory.getLong(status + SHM_SEGSZ),
            protection,
            Mman.MAP_SHARED | Mman.MAP_ANONYMOUS | fixed,
            -1,
            0,
            null);
    if (HostKernel.failed(place)) {
      return place == -Errno.EEXIST ? -Errno.EINVAL : place;
    }
    long attached =
        guest.kernel.call(Syscall.SHMAT, id, guest.space.hostAddress(place), flags | SHM_REMAP, 0);
    if (HostKernel.failed(attached)) {
      guest.space.munmap(place, HostMemory.getLong(status + SHM_SEGSZ));
      return attached;
    }
    return place;
  }

  private long detach(long address) {
    var area = guest.space.inWindow(address, 1) ? guest.space.area(address) : null;
    if (area == null || area.start() != address) {
      return -Errno.EINVAL;
    }
    long result = guest.kernel.call(Syscall.SHMDT, guest.space.hostAddress(address));
    return result < 0 ? result : guest.space.munmap(address, area.end() - address);
  }
}
