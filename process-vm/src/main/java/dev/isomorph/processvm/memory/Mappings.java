package dev.isomorph.processvm.memory;

import static dev.isomorph.processvm.Errno.EEXIST;
import static dev.isomorph.processvm.Errno.EINVAL;
import static dev.isomorph.processvm.Errno.ENOMEM;
import static dev.isomorph.processvm.Errno.EPERM;

/**
 * Mapping, unmapping and protecting, in the host's window and the account at once. The caller holds
 * the lock of the address space.
 */
final class Mappings {
  /** Distance that other mappings keep from an area that grows down. */
  static final long STACK_GUARD = 256 * AddressSpace.PAGE;

  /** Half of what Linux allows the host process by default, because every gap is an area too. */
  private static final int MOST_AREAS = 32_000;

  /** Flags that mean to the host what they mean to the guest. */
  private static final int PASSED_FLAGS =
      Mman.MAP_TYPE
          | Mman.MAP_ANONYMOUS
          | Mman.MAP_LOCKED
          | Mman.MAP_NORESERVE
          | Mman.MAP_POPULATE
          | Mman.MAP_NONBLOCK
          | Mman.MAP_STACK
          | Mman.MAP_SYNC;

  private static final int PRIVATE_MEMORY = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS;

  /** The size from which on memory may have huge pages, in bytes. */
  private static final long HUGE_FROM = 4L << 20;

  private static final int KEPT_FLAGS = Mman.MAP_GROWSDOWN | Mman.MAP_NORESERVE;

  private static final int VALID_PROTECTION =
      Mman.PROT_READ | Mman.PROT_WRITE | Mman.PROT_EXEC | Mman.PROT_SEM;

  private final HostWindow window;
  private final VmaList areas;
  private final CodeChanges codeChanges;
  private final long size;
  private final long mmapBase;

  private boolean locksFuture;
  private int sharedMemoryInode;

  Mappings(HostWindow window, VmaList areas, CodeChanges codeChanges, long size, long mmapBase) {
    this.window = window;
    this.areas = areas;
    this.codeChanges = codeChanges;
    this.size = size;
    this.mmapBase = mmapBase;
  }

  /** Takes over what a new process inherits beside the areas. */
  void startAsCopyOf(Mappings parent) {
    sharedMemoryInode = parent.sharedMemoryInode;
  }

  /** Number of guest addresses. */
  long size() {
    return size;
  }

  /** Whether what is mapped from now on is locked in memory. */
  void lockFuture(boolean lock) {
    locksFuture = lock;
  }

  /** Whether all of the range is guest addresses. Both arguments may be anything. */
  boolean isInside(long address, long length) {
    return address >= 0 && address <= size && length >= 0 && length <= size - address;
  }

  /** Whether {@code count} areas more would be too many. */
  boolean isFull(int count) {
    return areas.size() + count > MOST_AREAS;
  }

  /**
   * mmap(2).
   *
   * @param label name of a mapping of the system's own, else null
   */
  long map(
      long address,
      long requested,
      int protection,
      int flags,
      int descriptor,
      long offset,
      MappedFile file,
      String label) {
    if (AddressSpace.isMisaligned(offset) || requested == 0) {
      return -EINVAL;
    }
    if (requested < 0 || requested > size || isFull(2)) {
      return -ENOMEM;
    }
    long length = AddressSpace.pageAlign(requested);
    long start = place(address, length, flags);
    if (HostWindow.failed(start)) {
      return start;
    }
    boolean anonymous = (flags & Mman.MAP_ANONYMOUS) != 0;
    int type = flags & Mman.MAP_TYPE;
    boolean shared = type == Mman.MAP_SHARED || type == Mman.MAP_SHARED_VALIDATE && !anonymous;
    if (!shared && type != Mman.MAP_PRIVATE) {
      return -EINVAL;
    }
    if (anonymous && shared && (flags & Mman.MAP_GROWSDOWN) != 0) {
      return -EINVAL;
    }
    if ((flags & Mman.MAP_HUGETLB) != 0) {
      return -ENOMEM; // What a system without reserved huge pages says.
    }
    int hostFlags = flags & PASSED_FLAGS | (locksFuture ? Mman.MAP_LOCKED : 0);
    long result =
        window.map(start, length, protection, hostFlags, anonymous ? -1 : descriptor, offset);
    if (HostWindow.failed(result)) {
      restore(start, length);
      return result;
    }
    if (mayBeHuge(length, protection, flags)) {
      window.preferHugePages(start, length);
    }
    forget(start, start + length);
    MappedFile backing = !anonymous ? file : shared ? newSharedMemory() : null;
    int kept = flags & KEPT_FLAGS | (shared ? Mman.MAP_SHARED : Mman.MAP_PRIVATE);
    int accesses = protection & (Mman.PROT_READ | Mman.PROT_WRITE | Mman.PROT_EXEC);
    areas.insert(
        new Vma(start, start + length, accesses, kept, backing, anonymous ? 0 : offset, label));
    return start;
  }

  /**
   * Whether memory is likely to be used from end to end, so that large pages cost nothing: what the
   * guest reserves for later is mapped without access, or says that it is for a stack.
   */
  private boolean mayBeHuge(long length, int protection, int flags) {
    return length >= HUGE_FROM
        && (flags & ~(Mman.MAP_FIXED | Mman.MAP_FIXED_NOREPLACE)) == PRIVATE_MEMORY
        && protection == (Mman.PROT_READ | Mman.PROT_WRITE);
  }

  /** Every shared anonymous mapping is a nameless file of its own. */
  private MappedFile newSharedMemory() {
    return new MappedFile("/dev/zero (deleted)", 1, ++sharedMemoryInode);
  }

  /** After a failed host call: what that call may have torn out of the window is free again. */
  private void restore(long start, long length) {
    if (!window.isWhole(start, length)) {
      window.clear(start, length);
      forget(start, start + length);
    }
  }

  /** Chooses where a mapping goes; the errors are those of Linux's get_unmapped_area. */
  long place(long hint, long length, int flags) {
    if ((flags & (Mman.MAP_FIXED | Mman.MAP_FIXED_NOREPLACE)) != 0) {
      if (hint < 0 || hint > size - length) {
        return -ENOMEM;
      }
      if (AddressSpace.isMisaligned(hint)) {
        return -EINVAL;
      }
      if (hint < AddressSpace.LOWEST_ADDRESS) {
        return -EPERM;
      }
      boolean keep = (flags & Mman.MAP_FIXED_NOREPLACE) != 0;
      return keep && !areas.isFree(hint, hint + length, 0) ? -EEXIST : hint;
    }
    long wished = hint & -AddressSpace.PAGE;
    if (wished != 0) {
      wished =
          Long.compareUnsigned(wished, AddressSpace.LOWEST_ADDRESS) < 0
              ? AddressSpace.LOWEST_ADDRESS
              : wished;
      if (wished > 0
          && wished <= size - length
          && areas.isFree(wished, wished + length, STACK_GUARD)) {
        return wished;
      }
    }
    long found = areas.highestGap(length, AddressSpace.LOWEST_ADDRESS, mmapBase, STACK_GUARD);
    if (found == VmaList.NO_GAP) {
      found = areas.lowestGap(length, AddressSpace.pageAlign(size / 3), size, STACK_GUARD);
    }
    return found == VmaList.NO_GAP ? -ENOMEM : found;
  }

  /** munmap(2). */
  long unmap(long address, long requested) {
    if (AddressSpace.isMisaligned(address) || !isInside(address, requested) || requested == 0) {
      return -EINVAL;
    }
    long length = AddressSpace.pageAlign(requested);
    if (isFull(1)) {
      return -ENOMEM;
    }
    if (areas.isFree(address, address + length, 0)) {
      return 0;
    }
    long result = window.clear(address, length);
    if (HostWindow.failed(result)) {
      return result;
    }
    forget(address, address + length);
    return 0;
  }

  /** Strikes a range from the account. */
  void forget(long start, long end) {
    noteCode(start, end);
    areas.remove(start, end);
  }

  /** Takes down what is executable in a range that is about to change. */
  void noteCode(long start, long end) {
    for (int i = areas.indexFrom(start); i < areas.size() && areas.get(i).start() < end; i++) {
      Vma area = areas.get(i);
      if (area.executable()) {
        codeChanges.note(Math.max(start, area.start()), Math.min(end, area.end()));
      }
    }
  }

  /** mprotect(2). */
  long protect(long address, long requested, int protection) {
    int growth = protection & (Mman.PROT_GROWSDOWN | Mman.PROT_GROWSUP);
    int accesses = protection & ~growth;
    if (growth == (Mman.PROT_GROWSDOWN | Mman.PROT_GROWSUP) || AddressSpace.isMisaligned(address)) {
      return -EINVAL;
    }
    if (requested == 0) {
      return 0;
    }
    if (!isInside(address, requested)) {
      return -ENOMEM;
    }
    if ((accesses & ~VALID_PROTECTION) != 0) {
      return -EINVAL;
    }
    long start = address;
    long end = address + AddressSpace.pageAlign(requested);
    int index = areas.indexFrom(start);
    if (growth != 0) {
      if (index == areas.size() || areas.get(index).start() >= end) {
        return -ENOMEM;
      }
      Vma first = areas.get(index);
      if (growth == Mman.PROT_GROWSUP || !first.growsDown()) {
        return -EINVAL;
      }
      start = first.start();
    }
    return protectAreas(start, end, accesses & ~Mman.PROT_SEM);
  }

  private long protectAreas(long start, long end, int protection) {
    if (isFull(2)) {
      return -ENOMEM;
    }
    for (long at = start; at < end; ) {
      Vma area = areas.find(at);
      if (area == null) {
        return -ENOMEM; // What lies before the gap has been changed, as Linux does.
      }
      long until = Math.min(end, area.end());
      if (area.protection() != protection) {
        long result = window.protect(at, until - at, area.protection(), protection);
        if (HostWindow.failed(result)) {
          return result;
        }
        if (area.executable() || (protection & Mman.PROT_EXEC) != 0) {
          codeChanges.note(at, until);
        }
        areas.protect(at, until, protection);
      }
      at = until;
    }
    return 0;
  }
}
