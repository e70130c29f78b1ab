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

  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_NOEXEC_SEAL = 8;
  private static final byte[] NAME = {'i', 's', 'o', 'm', 'o', 'r', 'p', 'h', 0};

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
    long file = createFile();
    try {
      HostCalls.check(
          HostCalls.syscall(HostLinux.FTRUNCATE, file, this.size, 0, 0, 0, 0),
          "sizing memory for code");
      writable = map(file, HostLinux.PROT_READ | HostLinux.PROT_WRITE);
      executable = map(file, HostLinux.PROT_READ | HostLinux.PROT_EXEC);
    } catch (IllegalStateException e) {
      close();
      throw e;
    } finally {
      HostCalls.syscall(HostLinux.CLOSE, file, 0, 0, 0, 0, 0);
    }
  }

  private static long createFile() {
    long name = HostMemory.allocate(NAME.length);
    HostMemory.copyIn(NAME, 0, name, NAME.length);
    // The file itself is never executed, only mapped; kernels before 6.3 do not know that flag.
    long file = createFile(name, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
    if (file == -HostLinux.EINVAL) {
      file = createFile(name, MFD_CLOEXEC);
    }
    HostMemory.free(name, NAME.length);
    return HostCalls.check(file, "creating memory for code");
  }

  private static long createFile(long name, int flags) {
    return HostCalls.syscall(HostLinux.MEMFD_CREATE, name, flags, 0, 0, 0, 0);
  }

  private long map(long file, int protection) {
    return HostCalls.check(
        HostCalls.syscall(HostLinux.MMAP, 0, size, protection, HostLinux.MAP_SHARED, file, 0),
        "mapping memory for code");
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
