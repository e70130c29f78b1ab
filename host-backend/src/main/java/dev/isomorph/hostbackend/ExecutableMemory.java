package dev.isomorph.hostbackend;

import dev.isomorph.hostbackend.asm.Assembler;
import java.util.Objects;

/**
 * A stretch of memory for machine code, mapped twice: once to be written, once to be executed, so
 * that no page is ever both and no protection has to be switched.
 *
 * <p>Real pages are taken only where code is written. An offset counts from the start of either
 * view; offset 0 is page-aligned.
 */
public final class ExecutableMemory implements AutoCloseable {
  /** A size that holds the translations of large programs: 64 MiB. */
  public static final int DEFAULT_SIZE = 64 << 20;

  private static final int PAGE = 4096;
  private static final int MREMAP_MAYMOVE = 1;

  private final int size;
  private long writable;
  private long executable;

  public ExecutableMemory() {
    this(DEFAULT_SIZE);
  }

  /**
   * @param size in bytes, rounded up to whole pages
   * @throws IllegalStateException if the kernel refuses, naming the error number
   */
  public ExecutableMemory(int size) {
    this.size = Math.addExact(size, 4095) & -4096;
    int shared = HostLinux.MAP_SHARED | HostLinux.MAP_ANONYMOUS | HostLinux.MAP_NORESERVE;
    // Without a file of its own, as perf(1) wants it of code for which it is given names.
    executable =
        HostCalls.check(
            HostCalls.syscall(
                HostLinux.MMAP,
                0,
                this.size,
                HostLinux.PROT_READ | HostLinux.PROT_EXEC,
                shared,
                -1,
                0),
            "mapping memory for code");
    try {
      writable = mapAgain();
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  /** Makes the second view: shared pages of "old size" 0 are mapped once more (mremap(2)). */
  private long mapAgain() {
    long view =
        HostCalls.check(
            HostCalls.syscall(HostLinux.MREMAP, executable, 0, size, MREMAP_MAYMOVE, 0, 0),
            "mapping memory for code again");
    HostCalls.check(
        HostCalls.syscall(
            HostLinux.MPROTECT, view, size, HostLinux.PROT_READ | HostLinux.PROT_WRITE, 0, 0, 0),
        "making memory for code writable");
    return view;
  }

  /** Returns the size of each view in bytes. */
  public int size() {
    return size;
  }

  /** Returns the address at which the byte at {@code offset} can be written. */
  public long rw(int offset) {
    return writable + offset;
  }

  /** Returns the address at which the byte at {@code offset} is executed. */
  public long rx(int offset) {
    return executable + offset;
  }

  /** Copies {@code length} bytes of {@code code} from index {@code from} on to {@code offset}. */
  public void copyIn(byte[] code, int from, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, size);
    HostMemory.copyIn(code, from, rw(offset), length);
  }

  /**
   * Whole pages between two offsets have been written and seldom will be again: their contents
   * stay, but they do not count as the process's memory twice.
   */
  public void written(int start, int end) {
    Objects.checkFromToIndex(start, end, size);
    int first = Math.addExact(start, PAGE - 1) & -PAGE;
    int length = (end & -PAGE) - first;
    if (length > 0) {
      // Of shared memory this takes the mapping's entries alone.
      HostCalls.check(
          HostCalls.syscall(HostLinux.MADVISE, rw(first), length, HostLinux.MADV_DONTNEED, 0, 0, 0),
          "taking code out of the writable view");
    }
  }

  /**
   * Replaces four bytes, which other threads may be executing, by a single store: they see the old
   * value or the new one.
   *
   * @param offset such that the bytes lie in one line of {@link Assembler#PATCH_LINE} bytes
   */
  public void patchInt(int offset, int value) {
    Objects.checkFromIndexSize(offset, 4, size);
    int inLine = offset & Assembler.PATCH_LINE - 1;
    if (inLine > Assembler.PATCH_LINE - 4) {
      throw new IllegalArgumentException("patch across lines at offset " + offset);
    }
    HostMemory.putIntVolatile(rw(offset), value);
  }

  /** Unmaps both views; no thread may be executing there. */
  @Override
  public void close() {
    unmap(writable);
    unmap(executable);
    writable = 0;
    executable = 0;
  }

  private void unmap(long view) {
    if (view != 0) {
      HostCalls.syscall(HostLinux.MUNMAP, view, size, 0, 0, 0, 0);
    }
  }
}
