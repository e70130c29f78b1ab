package dev.isomorph.processvm.memory;

import static dev.isomorph.processvm.Errno.EFAULT;
import static dev.isomorph.processvm.Errno.EINVAL;
import static dev.isomorph.processvm.Errno.ENOMEM;
import static dev.isomorph.processvm.Errno.EPERM;

/**
 * System calls that do something to mapped pages without changing what is mapped. The host does it,
 * area by area, because only the guest's account knows of gaps.
 */
final class RangeCalls {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int MSYNC = 26;
  private static final int MINCORE = 27;
  private static final int MADVISE = 28;
  private static final int MUNLOCK = 150;
  private static final int MLOCK2 = 325;

  private static final int MLOCK_ONFAULT = 1;

  private final HostWindow window;
  private final VmaList areas;
  private final long size;

  RangeCalls(HostWindow window, VmaList areas, long size) {
    this.window = window;
    this.areas = areas;
    this.size = size;
  }

  /** Whether after such advice memory has its file's contents again, or none, at once. */
  static boolean empties(int advice) {
    return advice == Mman.MADV_DONTNEED
        || advice == Mman.MADV_REMOVE
        || advice == Mman.MADV_DONTNEED_LOCKED;
  }

  long advise(long address, long requested, int advice) {
    if (advice == Mman.MADV_HWPOISON || advice == Mman.MADV_SOFT_OFFLINE) {
      return -EPERM; // They are for the machine's administrator, and damage real memory.
    }
    boolean known =
        advice >= Mman.MADV_NORMAL && advice <= Mman.MADV_DONTNEED
            || advice >= Mman.MADV_FREE && advice <= Mman.MADV_COLLAPSE;
    if (!known || AddressSpace.isMisaligned(address)) {
      return -EINVAL;
    }
    if (requested == 0) {
      return 0;
    }
    long length = AddressSpace.pageAlign(requested);
    if (length == 0 || Long.compareUnsigned(address + length, address) < 0) {
      return -EINVAL;
    }
    return inRange(address, length)
        ? forEachArea(MADVISE, address, length, advice, false)
        : -ENOMEM;
  }

  long synchronize(long address, long requested, int flags) {
    int both = Mman.MS_ASYNC | Mman.MS_SYNC;
    if ((flags & ~(both | Mman.MS_INVALIDATE)) != 0
        || (flags & both) == both
        || AddressSpace.isMisaligned(address)) {
      return -EINVAL;
    }
    if (requested == 0) {
      return 0;
    }
    long length = AddressSpace.pageAlign(requested);
    return inRange(address, length) && length != 0
        ? forEachArea(MSYNC, address, length, flags, false)
        : -ENOMEM;
  }

  long residency(long address, long requested, long vector) {
    if (AddressSpace.isMisaligned(address)) {
      return -EINVAL;
    }
    if (!inRange(address, requested)) {
      return -ENOMEM;
    }
    long length = AddressSpace.pageAlign(requested);
    if (!inRange(vector, length / AddressSpace.PAGE)) {
      return -EFAULT;
    }
    if (areas.extent(address, address + length, 0) < address + length) {
      return -ENOMEM;
    }
    return length == 0 ? 0 : window.call(MINCORE, address, length, window.base() + vector);
  }

  long lock(long address, long requested, int flags) {
    return (flags & ~MLOCK_ONFAULT) != 0
        ? -EINVAL
        : onWholePages(MLOCK2, address, requested, flags);
  }

  long unlock(long address, long requested) {
    return onWholePages(MUNLOCK, address, requested, 0);
  }

  long lockAll(int flags) {
    int valid = Mman.MCL_CURRENT | Mman.MCL_FUTURE | Mman.MCL_ONFAULT;
    if (flags == 0 || flags == Mman.MCL_ONFAULT || (flags & ~valid) != 0) {
      return -EINVAL;
    }
    boolean onFault = (flags & Mman.MCL_ONFAULT) != 0;
    return (flags & Mman.MCL_CURRENT) != 0 ? onAllAreas(MLOCK2, onFault ? MLOCK_ONFAULT : 0) : 0;
  }

  long unlockAll() {
    return onAllAreas(MUNLOCK, 0);
  }

  private boolean inRange(long address, long length) {
    return address >= 0 && address <= size && length >= 0 && length <= size - address;
  }

  private long onAllAreas(int number, long argument) {
    for (int i = 0; i < areas.size(); i++) {
      Vma area = areas.get(i);
      long result = window.call(number, area.start(), area.end() - area.start(), argument);
      if (HostWindow.failed(result)) {
        return result;
      }
    }
    return 0;
  }

  /** mlock and munlock take unaligned ranges and mean all pages that they touch. */
  private long onWholePages(int number, long address, long requested, long argument) {
    long start = address & -AddressSpace.PAGE;
    long length = AddressSpace.pageAlign(requested + (address - start));
    if (Long.compareUnsigned(start + length, start) < 0) {
      return -EINVAL;
    }
    if (length == 0) {
      return 0;
    }
    return inRange(start, length) ? forEachArea(number, start, length, argument, true) : -ENOMEM;
  }

  /**
   * Makes the host's call for each area in the range. The first error ends it; gaps are ENOMEM, at
   * once or after the rest has been done.
   */
  private long forEachArea(int number, long start, long length, long argument, boolean stopAtGap) {
    long end = start + length;
    long reached = start;
    boolean gap = false;
    for (int i = areas.indexFrom(start); i < areas.size() && reached < end; i++) {
      Vma area = areas.get(i);
      if (area.start() >= end) {
        break;
      }
      if (area.start() > reached) {
        gap = true;
        if (stopAtGap) {
          break;
        }
      }
      long from = Math.max(reached, area.start());
      reached = Math.min(end, area.end());
      long result = window.call(number, from, reached - from, argument);
      if (HostWindow.failed(result)) {
        return result;
      }
    }
    return gap || reached < end ? -ENOMEM : 0;
  }
}
