package dev.isomorph.engine;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;

/**
 * Guest memory for tests: code at {@link #CODE} and at {@link #FAR_CODE}, data at {@link #DATA}, a
 * read-only page behind the data, nothing else.
 */
final class TestMemory implements GuestMemory, AutoCloseable {
  static final long CODE = 0x10000;

  /** Its addresses differ from those of the code in the upper half only. */
  static final long FAR_CODE = CODE + (1L << 32);

  static final long DATA = 0x100000;
  static final int CODE_SIZE = 1 << 16;
  static final int DATA_SIZE = 1 << 16;
  static final long READ_ONLY = DATA + DATA_SIZE;

  private static final int PAGE = 4096;
  private static final long WINDOW = 1L << 33;
  private static final int SYS_MMAP = 9;
  private static final int SYS_MPROTECT = 10;
  private static final int SYS_MUNMAP = 11;
  private static final int PROT_READ = 1;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_FIXED = 0x11;
  private static final int MAP_PRIVATE_ANON_NORESERVE = 0x4022;

  private final long base;
  private boolean codeIsExecutable = true;

  TestMemory() {
    base = HostCalls.syscall(SYS_MMAP, 0, WINDOW, 0, MAP_PRIVATE_ANON_NORESERVE, -1, 0);
    HostCalls.syscall(SYS_MPROTECT, base + CODE, CODE_SIZE, PROT_READ_WRITE, 0, 0, 0);
    HostCalls.syscall(SYS_MPROTECT, base + FAR_CODE, CODE_SIZE, PROT_READ_WRITE, 0, 0, 0);
    HostCalls.syscall(SYS_MPROTECT, base + DATA, DATA_SIZE, PROT_READ_WRITE, 0, 0, 0);
    HostCalls.syscall(SYS_MPROTECT, base + READ_ONLY, PAGE, PROT_READ, 0, 0, 0);
  }

  void code(byte[] code) {
    HostMemory.copyIn(code, 0, base + CODE, code.length);
  }

  void clearData() {
    HostMemory.fill(base + DATA, DATA_SIZE, (byte) 0);
  }

  void farCode(byte[] code) {
    HostMemory.copyIn(code, 0, base + FAR_CODE, code.length);
  }

  /** From now on a page is beyond the end of the file that is mapped there. */
  void cutOff(long page) {
    long name = HostMemory.allocate(1);
    long fd = HostCalls.syscall(HostLinux.MEMFD_CREATE, name, 0, 0, 0, 0, 0);
    long at = base + page;
    HostCalls.syscall(SYS_MMAP, at, PAGE, PROT_READ_WRITE, MAP_SHARED_FIXED, fd, 0);
    HostCalls.syscall(HostLinux.CLOSE, fd, 0, 0, 0, 0, 0);
    HostMemory.free(name, 1);
  }

  /** From now on no code may be executed. */
  void forbidExecution() {
    codeIsExecutable = false;
  }

  long read64(long address) {
    return HostMemory.getLong(base + address);
  }

  void write64(long address, long value) {
    HostMemory.putLong(base + address, value);
  }

  @Override
  public long windowBase() {
    return base;
  }

  @Override
  public int fetchable(long address, int max) {
    long start = address < FAR_CODE ? CODE : FAR_CODE;
    return codeIsExecutable && address >= start && address < start + CODE_SIZE
        ? (int) Math.min(max, start + CODE_SIZE - address)
        : 0;
  }

  @Override
  public boolean readable(long address, long length) {
    return writable(address, length) || inside(address, length, READ_ONLY, PAGE);
  }

  @Override
  public boolean writable(long address, long length) {
    return inside(address, length, DATA, DATA_SIZE) || inside(address, length, CODE, CODE_SIZE);
  }

  private static boolean inside(long address, long length, long start, long size) {
    return address >= start && address + length <= start + size;
  }

  @Override
  public void close() {
    HostCalls.syscall(SYS_MUNMAP, base, WINDOW, 0, 0, 0, 0);
  }
}
