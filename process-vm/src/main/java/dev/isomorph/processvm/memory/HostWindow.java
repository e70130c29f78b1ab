package dev.isomorph.processvm.memory;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.signal.FaultHandler;
import dev.isomorph.processvm.Errno;

/**
 * The stretch of host address space that holds a guest's memory, and the host's calls on it. All of
 * it stays mapped, inaccessible where the guest has nothing, so that no one else's memory ever
 * comes to lie in it; on either side lies a guard that nobody can access.
 *
 * <p>Addresses are the guest's, ranges lie in the window, protections are the guest's. Results are
 * the kernel's: a negative errno on failure.
 */
final class HostWindow {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int MMAP = 9;
  private static final int MPROTECT = 10;
  private static final int MUNMAP = 11;
  private static final int MREMAP = 25;
  private static final int MSYNC = 26;
  private static final int MADVISE = 28;

  /** A displacement of 31 bits on either side of the window must not leave the reservation. */
  private static final long GUARD = 1L << 32;

  /** Huge pages fall on the same boundaries for guest and host. */
  private static final long ALIGNMENT = 1L << 21;

  /**
   * Where the window is asked for: far from the heap (below 2^35), the executable (about 2^46.4)
   * and the libraries (just below 2^47). A wild guest pointer is added to the window's base; from
   * here the ones that programs come up with, small, negative, like a host's or not canonical at
   * all, end where nothing is mapped.
   */
  private static final long PLACE = 1L << 44;

  /** Distance of the places for further windows, and how many there are. */
  private static final long PLACE_STRIDE = 1L << 39;

  private static final int PLACES = 96;

  private static final int INACCESSIBLE =
      Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE;

  private final long reservation;
  private final long reserved;
  private final long base;

  /** Other threads of the guest may unmap what a system call is about to read. */
  private final long tolerated;

  /**
   * Reserves a window.
   *
   * @throws IllegalStateException if the host has no such stretch to give
   */
  HostWindow(long size) {
    reserved = size + 2 * GUARD + ALIGNMENT;
    long result = reserve(reserved);
    if (failed(result)) {
      throw new IllegalStateException(
          "cannot reserve "
              + (reserved >>> 30)
              + " GiB of address space: "
              + Errno.name((int) -result)
              + " (see ulimit -v)");
    }
    reservation = result;
    base = (reservation + GUARD + ALIGNMENT - 1) & -ALIGNMENT;
    tolerated = FaultHandler.tolerate(reservation, reserved);
  }

  /** Takes the first place that is free, or else leaves the choice to the host. */
  private static long reserve(long bytes) {
    for (int i = 0; i < PLACES && bytes <= PLACE_STRIDE; i++) {
      int flags = INACCESSIBLE | Mman.MAP_FIXED_NOREPLACE;
      long place = PLACE + i * PLACE_STRIDE;
      long result = HostCalls.syscall(MMAP, place, bytes, Mman.PROT_NONE, flags, -1, 0);
      if (!failed(result)) {
        return result;
      }
    }
    return HostCalls.syscall(MMAP, PLACE, bytes, Mman.PROT_NONE, INACCESSIBLE, -1, 0);
  }

  static boolean failed(long result) {
    return result < 0 && result >= -4095;
  }

  /** Host address of guest address 0. */
  long base() {
    return base;
  }

  /** Gives the whole reservation back to the host. */
  void release() {
    FaultHandler.forget(tolerated);
    HostCalls.syscall(MUNMAP, reservation, reserved, 0, 0, 0, 0);
  }

  /** Maps over whatever was there. */
  long map(long start, long length, int protection, int flags, int descriptor, long offset) {
    long result =
        HostCalls.syscall(
            MMAP,
            base + start,
            length,
            hostProtection(protection),
            flags | Mman.MAP_FIXED,
            descriptor,
            offset);
    return failed(result) ? result : start;
  }

  /**
   * Lets the range have huge pages where the host gives them to those who ask. They are filled when
   * they are touched first, and spare the host's processor most misses of its TLB.
   */
  void preferHugePages(long start, long length) {
    HostCalls.syscall(MADVISE, base + start, length, Mman.MADV_HUGEPAGE, 0, 0, 0);
  }

  /** Makes the range inaccessible and gives its pages back. */
  long clear(long start, long length) {
    return map(start, length, Mman.PROT_NONE, INACCESSIBLE, -1, 0);
  }

  /** Whether no page of the range has been lost from the reservation by a call that failed. */
  boolean isWhole(long start, long length) {
    return HostCalls.syscall(MSYNC, base + start, length, Mman.MS_ASYNC, 0, 0, 0) != -Errno.ENOMEM;
  }

  long protect(long start, long length, int from, int to) {
    return hostProtection(from) == hostProtection(to)
        ? 0
        : HostCalls.syscall(MPROTECT, base + start, length, hostProtection(to), 0, 0, 0);
  }

  /**
   * Moves mappings over whatever is at {@code target}. What is left at {@code source} is memory of
   * the same kind without the pages or, on old kernels and unless {@code keep}, inaccessible.
   */
  long move(long source, long target, long length, boolean keep) {
    long result =
        remap(
            base + source,
            length,
            length,
            Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED | Mman.MREMAP_DONTUNMAP,
            base + target);
    if (result == -Errno.EFAULT && length > AddressSpace.PAGE) {
      // The range is one area for the guest but several for the host, which moves one at a time.
      long half = (length / 2) & -AddressSpace.PAGE;
      long first = move(source, target, half, keep);
      return failed(first) ? first : move(source + half, target + half, length - half, keep);
    }
    if (result == -Errno.EINVAL && !keep) {
      // Kernels before 5.13 leave nothing behind of anything but private anonymous memory.
      result =
          remap(
              base + source,
              length,
              length,
              Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED,
              base + target);
      clear(source, length);
    }
    return failed(result) ? result : target;
  }

  /**
   * Lets the mapping of the page before {@code end} go on for {@code growth} more bytes, over
   * whatever is there. The host cannot do so in place, where the reservation is in the way.
   */
  long extend(long end, long growth) {
    long last = base + end - AddressSpace.PAGE;
    int leaving = Mman.MREMAP_MAYMOVE | Mman.MREMAP_DONTUNMAP;
    long aside = remap(last, AddressSpace.PAGE, AddressSpace.PAGE, leaving, 0);
    if (failed(aside)) {
      return aside;
    }
    long grown =
        remap(aside, AddressSpace.PAGE, AddressSpace.PAGE + growth, Mman.MREMAP_MAYMOVE, 0);
    long length = failed(grown) ? AddressSpace.PAGE : AddressSpace.PAGE + growth;
    long back =
        remap(
            failed(grown) ? aside : grown,
            length,
            length,
            Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED,
            last);
    return failed(grown) ? grown : back;
  }

  /** Maps what is at {@code source}, shared memory, a second time over what is at the target. */
  long duplicate(long source, long target, long length) {
    return duplicate(source, this, target, length);
  }

  /** Maps shared memory a second time in another window. */
  long duplicate(long source, HostWindow other, long target, long length) {
    return remap(
        base + source, 0, length, Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED, other.base + target);
  }

  /** Makes a system call on the range whose first arguments are address and length. */
  long call(int number, long start, long length, long argument) {
    return HostCalls.syscall(number, base + start, length, argument, 0, 0, 0);
  }

  private static long remap(long from, long length, long newLength, int flags, long to) {
    return HostCalls.syscall(MREMAP, from, length, newLength, flags, to, 0);
  }

  /**
   * Guest code is only ever read by the host, never executed in place; and what is writable is
   * readable, on RISC-V as on x86.
   */
  private static int hostProtection(int guest) {
    if ((guest & Mman.PROT_WRITE) != 0) {
      return Mman.PROT_READ | Mman.PROT_WRITE;
    }
    return (guest & (Mman.PROT_READ | Mman.PROT_EXEC)) != 0 ? Mman.PROT_READ : Mman.PROT_NONE;
  }
}
