package dev.isomorph.processvm.memory;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/**
 * Copies areas from one window to another as fork(2) does. Only pages that a process has for itself
 * are copied, which the kernel tells (Documentation/admin-guide/mm/pagemap.rst); the others come
 * from the mapped file again, or have never been touched.
 */
final class WindowCopy implements AutoCloseable {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int OPEN = 2;
  private static final int CLOSE = 3;
  private static final int PREAD64 = 17;

  private static final int O_RDONLY_CLOEXEC = 0x80000;

  // Bits of an entry of pagemap.
  private static final long FILE_OR_SHARED = 1L << 61;
  private static final long SWAPPED = 1L << 62;
  private static final long PRESENT = 1L << 63;

  /** Entries of pagemap that are read at a time. */
  private static final int ENTRIES = 8192;

  private final HostWindow from;
  private final HostWindow to;
  private final MappedFiles files;
  private final long entries = HostMemory.allocate(ENTRIES * Long.BYTES);
  private final long pagemap = open("/proc/self/pagemap");

  /** Read through a file, memory that a thread unmaps meanwhile does no harm. */
  private final long memory = open("/proc/self/mem");

  WindowCopy(HostWindow from, HostWindow to, MappedFiles files) {
    this.from = from;
    this.to = to;
    this.files = files;
  }

  private static long open(String path) {
    long name = HostMemory.allocate(64);
    HostMemory.putString(name, path);
    long descriptor = HostCalls.syscall(OPEN, name, O_RDONLY_CLOEXEC, 0, 0, 0, 0);
    HostMemory.free(name, 64);
    return descriptor;
  }

  @Override
  public void close() {
    HostMemory.free(entries, ENTRIES * Long.BYTES);
    closeFile(pagemap);
    closeFile(memory);
  }

  private static void closeFile(long descriptor) {
    if (descriptor >= 0) {
      HostCalls.syscall(CLOSE, descriptor, 0, 0, 0, 0, 0);
    }
  }

  /**
   * Copies an area.
   *
   * @throws IllegalStateException if the host refuses
   */
  void add(Vma area) {
    long length = area.end() - area.start();
    if (area.shared()) {
      check(from.duplicate(area.start(), to, area.start(), length));
      return;
    }
    int writable = Mman.PROT_READ | Mman.PROT_WRITE;
    boolean fromFile = area.file() != null && mapFile(area, writable);
    if (!fromFile) {
      int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | area.flags() & Mman.MAP_NORESERVE;
      check(to.map(area.start(), length, writable, flags, -1, 0));
    }
    boolean wholly = pagemap < 0 || area.file() != null && !fromFile;
    for (long at = area.start(); at < area.end(); at += ENTRIES * AddressSpace.PAGE) {
      long end = Math.min(area.end(), at + ENTRIES * AddressSpace.PAGE);
      if (wholly) {
        copy(at, end);
      } else {
        copyOwnPages(at, end);
      }
    }
    check(to.protect(area.start(), length, writable, area.protection()));
  }

  private boolean mapFile(Vma area, int protection) {
    int descriptor = files.open(area.file());
    if (descriptor < 0) {
      return false;
    }
    long result =
        to.map(
            area.start(),
            area.end() - area.start(),
            protection,
            Mman.MAP_PRIVATE | area.flags() & Mman.MAP_NORESERVE,
            descriptor,
            area.offset());
    closeFile(descriptor);
    return !HostWindow.failed(result);
  }

  private void copyOwnPages(long start, long end) {
    long first = (from.base() + start) / AddressSpace.PAGE;
    long wanted = (end - start) / AddressSpace.PAGE * Long.BYTES;
    long got = HostCalls.syscall(PREAD64, pagemap, entries, wanted, first * Long.BYTES, 0, 0);
    long runStart = -1;
    for (long at = start; at < end; at += AddressSpace.PAGE) {
      long index = (at - start) / AddressSpace.PAGE;
      boolean own =
          (index + 1) * Long.BYTES > got || isOwn(HostMemory.getLong(entries + index * Long.BYTES));
      if (own && runStart < 0) {
        runStart = at;
      } else if (!own && runStart >= 0) {
        copy(runStart, at);
        runStart = -1;
      }
    }
    if (runStart >= 0) {
      copy(runStart, end);
    }
  }

  private static boolean isOwn(long entry) {
    return (entry & SWAPPED) != 0 || (entry & (PRESENT | FILE_OR_SHARED)) == PRESENT;
  }

  /** Copies what can be read; what lies beyond the end of its file stays as it is mapped. */
  private void copy(long start, long end) {
    for (long at = start; at < end; ) {
      long source = from.base() + at;
      long done = HostCalls.syscall(PREAD64, memory, to.base() + at, end - at, source, 0, 0);
      at += done > 0 ? done : AddressSpace.PAGE;
    }
  }

  private static void check(long result) {
    if (HostWindow.failed(result)) {
      throw new IllegalStateException("copying memory: " + Errno.name((int) -result));
    }
  }
}
