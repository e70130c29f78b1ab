package dev.isomorph.processvm.memory;

import dev.isomorph.engine.GuestMemory;
import dev.isomorph.hostbackend.HostMemory;

/**
 * The memory of a guest process: a window of host address space and an exact account of what is
 * mapped in it and how.
 *
 * <p>The methods named after system calls have Linux's semantics and answer as the kernel does,
 * with a negative errno on failure. Guest addresses run from 0 to the size of the window; all
 * arguments come from the guest and are checked here. Layout as on riscv64 with Sv39 and no
 * randomisation: the stack at the top, mappings from 128 MiB below it downwards, the heap after the
 * program.
 *
 * <p>Safe for use by several threads.
 */
public final class AddressSpace implements GuestMemory {
  /** Bytes of a page, for guest and host. */
  public static final long PAGE = 4096;

  /** Size of the user half of Sv39. */
  public static final long DEFAULT_SIZE = 1L << 38;

  /** Lowest address that may be mapped, Linux's default {@code vm.mmap_min_addr}. */
  public static final long LOWEST_ADDRESS = 0x10000;

  private static final long LEAST_STACK_GAP = 128L << 20;

  private final HostWindow window;
  private final VmaList areas = new VmaList();
  private final CodeChanges codeChanges;
  private final Mappings mappings;
  private final long size;
  private final long base;
  private final long mmapBase;
  private final long stackSize;

  private long heapStart;
  private long heapEnd;
  private long stackPointer;

  /**
   * Reserves an address space of the usual size.
   *
   * @param stackLimit soft RLIMIT_STACK in bytes, -1 for unlimited
   */
  public AddressSpace(long stackLimit, CodeInvalidator invalidator) {
    this(DEFAULT_SIZE, stackLimit, invalidator);
  }

  /**
   * Reserves an address space.
   *
   * @param size bytes, a power of two of at least 1 GiB
   * @param stackLimit soft RLIMIT_STACK in bytes, -1 for unlimited
   * @throws IllegalStateException with a line for the user if the host refuses
   */
  public AddressSpace(long size, long stackLimit, CodeInvalidator invalidator) {
    if (Long.bitCount(size) != 1 || size < 1L << 30) {
      throw new IllegalArgumentException("size of address space: " + size);
    }
    // The kernel lets an unlimited stack take up to 5/6 of the space; nobody needs that here.
    long most = size / 8;
    long wanted = stackLimit < 0 || stackLimit > most ? most : stackLimit;
    long stack = Math.max(pageAlign(wanted), 32 * PAGE);
    long gap = Math.max(stack + Mappings.STACK_GUARD, Math.min(LEAST_STACK_GAP, most));
    this(size, stack, size - gap, invalidator);
  }

  private AddressSpace(long size, long stackSize, long mmapBase, CodeInvalidator invalidator) {
    this.size = size;
    this.codeChanges = new CodeChanges(invalidator);
    this.window = new HostWindow(size);
    this.base = window.base();
    this.stackSize = stackSize;
    this.mmapBase = mmapBase;
    this.mappings = new Mappings(window, areas, codeChanges, size, mmapBase);
  }

  /**
   * Makes a copy for a new process, as fork(2) does: shared memory is shared, all else is copied.
   *
   * @param itsInvalidator told of changes of code in the copy
   * @param files opens the files that are mapped
   * @throws IllegalStateException if the host has no room for it
   */
  public synchronized AddressSpace copy(CodeInvalidator itsInvalidator, MappedFiles files) {
    AddressSpace copy = new AddressSpace(size, stackSize, mmapBase, itsInvalidator);
    Vma[] all = areas.snapshot();
    try (WindowCopy contents = new WindowCopy(window, copy.window, files)) {
      for (Vma area : all) {
        contents.add(area);
        copy.areas.insert(area);
      }
    } catch (IllegalStateException noRoom) {
      copy.release();
      throw noRoom;
    }
    copy.mappings.startAsCopyOf(mappings);
    copy.heapStart = heapStart;
    copy.heapEnd = heapEnd;
    copy.stackPointer = stackPointer;
    return copy;
  }

  /** Gives all memory back to the host; nothing may use the address space afterwards. */
  public synchronized void release() {
    areas.remove(0, size);
    window.release();
  }

  // ---- What others ask ----

  /** Number of guest addresses; all of them are below it. */
  public long size() {
    return size;
  }

  /** Host address of guest address 0. */
  @Override
  public long windowBase() {
    return base;
  }

  /** Where the search for a free place starts, downwards. */
  public long mmapBase() {
    return mmapBase;
  }

  /** Returns the host address that holds a guest address, which must be in the window. */
  public long hostAddress(long guest) {
    return base + guest;
  }

  /** Whether all of the range is guest addresses, mapped or not. Both arguments may be anything. */
  public boolean inWindow(long address, long length) {
    return mappings.isInside(address, length);
  }

  /** Whether every byte of the range is mapped and may be read by the guest. */
  @Override
  public boolean readable(long address, long length) {
    return covers(address, length, Mman.PROT_READ) || covers(address, length, Mman.PROT_WRITE);
  }

  /** Whether every byte of the range is mapped and may be written by the guest. */
  @Override
  public boolean writable(long address, long length) {
    return covers(address, length, Mman.PROT_WRITE);
  }

  private synchronized boolean covers(long address, long length, int protection) {
    return inWindow(address, length)
        && areas.extent(address, address + length, protection) == address + length;
  }

  /** Returns how many of the next {@code max} bytes are mapped executable without a gap. */
  @Override
  public synchronized int fetchable(long address, int max) {
    if (address < 0 || address >= size) {
      return 0;
    }
    long limit = Math.min(size, address + max);
    return (int) (areas.extent(address, limit, Mman.PROT_EXEC) - address);
  }

  /** Whether all of the range is in the window and nothing is mapped in it. */
  public synchronized boolean isFree(long address, long length) {
    return inWindow(address, length) && areas.isFree(address, address + length, 0);
  }

  /** Returns the area that holds the address, or null. */
  public synchronized Vma area(long address) {
    return areas.find(address);
  }

  /** Returns all areas in ascending order, as they are now. */
  public synchronized Vma[] areas() {
    return areas.snapshot();
  }

  /** How many bytes are mapped. */
  public long mappedBytes() {
    return mappedBytes(0, size);
  }

  /** How many bytes of a range are mapped. */
  public synchronized long mappedBytes(long address, long length) {
    return inWindow(address, length) ? areas.bytes(address, address + length) : 0;
  }

  /** Returns what {@code /proc/self/maps} calls the area, or null for private anonymous memory. */
  public synchronized String nameOf(Vma area) {
    if (area.file() != null) {
      return area.file().path();
    }
    if (area.label() != null) {
      return area.label();
    }
    if (area.start() < heapEnd && area.end() > heapStart) {
      return "[heap]";
    }
    return area.start() <= stackPointer && area.end() >= stackPointer && stackPointer != 0
        ? "[stack]"
        : null;
  }

  // ---- The system calls ----

  /**
   * mmap(2).
   *
   * @param descriptor the host's file descriptor, ignored for anonymous memory
   * @param file what that descriptor stands for, null for anonymous memory
   * @return the guest address or a negative errno
   */
  public long mmap(
      long address,
      long length,
      int protection,
      int flags,
      int descriptor,
      long offset,
      MappedFile file) {
    long result;
    long[] changes;
    synchronized (this) {
      result = mappings.map(address, length, protection, flags, descriptor, offset, file, null);
      changes = codeChanges.take();
    }
    codeChanges.announce(changes);
    return result;
  }

  /** munmap(2). */
  public long munmap(long address, long length) {
    long result;
    long[] changes;
    synchronized (this) {
      result = mappings.unmap(address, length);
      changes = codeChanges.take();
    }
    codeChanges.announce(changes);
    return result;
  }

  /** mprotect(2). */
  public long mprotect(long address, long length, int protection) {
    long result;
    long[] changes;
    synchronized (this) {
      result = mappings.protect(address, length, protection);
      changes = codeChanges.take();
    }
    codeChanges.announce(changes);
    return result;
  }

  /** mremap(2). */
  public long mremap(long address, long oldLength, long newLength, int flags, long newAddress) {
    long result;
    long[] changes;
    synchronized (this) {
      result =
          new Remapping(mappings, window, areas)
              .remap(address, oldLength, newLength, flags, newAddress);
      changes = codeChanges.take();
    }
    codeChanges.announce(changes);
    return result;
  }

  /**
   * brk(2).
   *
   * @return the end of the heap after the call; as the kernel does, the old one on failure
   */
  public long brk(long address) {
    long result;
    long[] changes;
    synchronized (this) {
      moveHeapEnd(address);
      result = heapEnd;
      changes = codeChanges.take();
    }
    codeChanges.announce(changes);
    return result;
  }

  private void moveHeapEnd(long address) {
    if (address < heapStart || address > size) {
      return;
    }
    long from = pageAlign(heapEnd);
    long to = pageAlign(address);
    if (to < from) {
      if (mappings.unmap(to, from - to) != 0) {
        return;
      }
    } else if (to > from) {
      // One page stays free above the heap.
      boolean room = to <= size - PAGE && areas.isFree(from, to + PAGE, Mappings.STACK_GUARD);
      int protection = Mman.PROT_READ | Mman.PROT_WRITE;
      int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED;
      if (!room
          || HostWindow.failed(
              mappings.map(from, to - from, protection, flags, -1, 0, null, null))) {
        return;
      }
    }
    heapEnd = address;
  }

  /** madvise(2). */
  public long madvise(long address, long length, int advice) {
    long result;
    long[] changes;
    synchronized (this) {
      result = new RangeCalls(window, areas, size).advise(address, length, advice);
      // Of several areas some may have been emptied though the call has failed.
      if (RangeCalls.empties(advice) && mappings.isInside(address, length)) {
        mappings.noteCode(address, address + length);
      }
      changes = codeChanges.take();
    }
    codeChanges.announce(changes);
    return result;
  }

  /** msync(2). */
  public synchronized long msync(long address, long length, int flags) {
    return new RangeCalls(window, areas, size).synchronize(address, length, flags);
  }

  /** mincore(2); {@code vector} is a guest address. */
  public synchronized long mincore(long address, long length, long vector) {
    return new RangeCalls(window, areas, size).residency(address, length, vector);
  }

  /** mlock2(2), and mlock(2) with {@code flags} 0. */
  public synchronized long mlock(long address, long length, int flags) {
    return new RangeCalls(window, areas, size).lock(address, length, flags);
  }

  /** munlock(2). */
  public synchronized long munlock(long address, long length) {
    return new RangeCalls(window, areas, size).unlock(address, length);
  }

  /** mlockall(2). */
  public synchronized long mlockall(int flags) {
    long result = new RangeCalls(window, areas, size).lockAll(flags);
    if (result == 0) {
      mappings.lockFuture((flags & Mman.MCL_FUTURE) != 0);
    }
    return result;
  }

  /** munlockall(2). */
  public synchronized long munlockall() {
    mappings.lockFuture(false);
    return new RangeCalls(window, areas, size).unlockAll();
  }

  // ---- What a new program needs ----

  /** Makes the heap empty and start at {@code address}, as after exec(2). */
  public synchronized void startHeap(long address) {
    heapStart = pageAlign(address);
    heapEnd = heapStart;
  }

  /**
   * Maps the main thread's stack, as large as its limit, at the top of the address space.
   *
   * @return the address after its last byte, or a negative errno
   */
  public synchronized long mapStack(boolean executable) {
    int protection = Mman.PROT_READ | Mman.PROT_WRITE | (executable ? Mman.PROT_EXEC : 0);
    int flags =
        Mman.MAP_PRIVATE
            | Mman.MAP_ANONYMOUS
            | Mman.MAP_GROWSDOWN
            | Mman.MAP_NORESERVE
            | Mman.MAP_FIXED_NOREPLACE;
    long result = mappings.map(size - stackSize, stackSize, protection, flags, -1, 0, null, null);
    return HostWindow.failed(result) ? result : size;
  }

  /** Bytes of the main thread's stack. */
  public long stackSize() {
    return stackSize;
  }

  /** Tells where the stack pointer started, which is how the area of the stack is known later. */
  public synchronized void startStack(long pointer) {
    stackPointer = pointer;
  }

  /**
   * Maps a page of code that the system itself provides, readable and executable.
   *
   * @param label its name in {@code /proc/self/maps}
   * @return its guest address or a negative errno
   */
  public synchronized long mapSystemPage(byte[] code, String label) {
    int writable = Mman.PROT_READ | Mman.PROT_WRITE;
    int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS;
    long address = mappings.map(0, PAGE, writable, flags, -1, 0, null, label);
    if (!HostWindow.failed(address)) {
      HostMemory.copyIn(code, 0, base + address, code.length);
      mappings.protect(address, PAGE, Mman.PROT_READ | Mman.PROT_EXEC);
    }
    return address;
  }

  // ---- Arithmetic ----

  /** Rounds up to a whole page; what is beyond the last page becomes 0. */
  public static long pageAlign(long address) {
    return (address + PAGE - 1) & -PAGE;
  }

  static boolean isMisaligned(long address) {
    return (address & (PAGE - 1)) != 0;
  }
}
