package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.GuestMemoryFault;

/**
 * Guest memory for tests: a writable page and a read-only one in a window without rights. Emitted
 * code works on the pages themselves, the evaluator on a copy of them.
 */
final class GuestPages implements TestPages {
  static final long BASE = 0x10000;
  static final int PAGE = 4096;

  /** Nothing else of the process lies this far from guest address 0 on either side. */
  private static final long AROUND = 1L << 32;

  private static final int SYS_MMAP = 9;
  private static final int SYS_MPROTECT = 10;
  private static final int SYS_MUNMAP = 11;
  private static final int PROT_READ = 1;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANON_NORESERVE = 0x4022;

  private final long window;

  GuestPages() {
    long start =
        HostCalls.check(
            HostCalls.syscall(SYS_MMAP, 0, 2 * AROUND, 0, MAP_PRIVATE_ANON_NORESERVE, -1, 0),
            "reserving a window");
    window = start + AROUND;
  }

  /** Host address of guest address 0. */
  @Override
  public long memoryBase() {
    return window;
  }

  @Override
  public void fill(byte[] contents) {
    protect(BASE, 2 * PAGE, PROT_READ_WRITE);
    HostMemory.copyIn(contents, 0, window + BASE, contents.length);
    protect(BASE + PAGE, PAGE, PROT_READ);
  }

  private void protect(long address, int length, int protection) {
    HostCalls.check(
        HostCalls.syscall(SYS_MPROTECT, window + address, length, protection, 0, 0, 0),
        "protecting pages");
  }

  @Override
  public boolean supply(HartState hart) {
    throw new IllegalStateException("a window has all pages");
  }

  @Override
  public Copy copy(byte[] contents) {
    return new Copy(contents, 0);
  }

  @Override
  public byte[] contents() {
    byte[] contents = new byte[2 * PAGE];
    HostMemory.copyOut(window + BASE, contents, 0, contents.length);
    return contents;
  }

  @Override
  public void close() {
    HostCalls.syscall(SYS_MUNMAP, window - AROUND, 2 * AROUND, 0, 0, 0, 0);
  }

  /** The same pages for the evaluator. */
  static final class Copy implements DataMemory {
    /** What was accessed last; of an atomic access its last part. */
    record Access(long address, int bytes, boolean write) {}

    private final byte[] bytes;
    private final long ignored;
    private Access last;

    /**
     * @param ignored address bits that make no difference
     */
    Copy(byte[] contents, long ignored) {
      bytes = contents.clone();
      this.ignored = ignored;
    }

    /** The last load or store that was tried; null if there was none. */
    Access last() {
      return last;
    }

    byte[] contents() {
      return bytes;
    }

    private int check(long address, int count, boolean write) {
      last = new Access(address, count, write);
      long end = BASE + (write ? PAGE : 2 * PAGE);
      for (long at : new long[] {address, address + count - 1}) {
        long place = at & ~ignored;
        if (place < BASE || place >= end) {
          // An access that runs into a bad page is reported there.
          throw new GuestMemoryFault(at == address ? at : at & -PAGE, write);
        }
      }
      return (int) ((address & ~ignored) - BASE);
    }

    private long get(int at, int count) {
      long value = 0;
      for (int i = count - 1; i >= 0; i--) {
        value = value << 8 | bytes[at + i] & 0xff;
      }
      return value;
    }

    private void put(int at, int count, long value) {
      for (int i = 0; i < count; i++) {
        bytes[at + i] = (byte) (value >>> 8 * i);
      }
    }

    @Override
    public long load(long address, int count) {
      return get(check(address, count, false), count);
    }

    @Override
    public void store(long address, int count, long value) {
      put(check(address, count, true), count, value);
    }

    @Override
    public boolean compareAndSet(long address, int count, long expected, long value) {
      int at = check(address, count, true);
      long mask = count == 4 ? 0xffff_ffffL : -1;
      if (get(at, count) != (expected & mask)) {
        return false;
      }
      put(at, count, value);
      return true;
    }

    @Override
    public void zeroBlock(long address) {
      int at = check(address, BLOCK_SIZE, true);
      for (int i = 0; i < BLOCK_SIZE; i += 8) {
        put(at + i, 8, 0);
      }
    }
  }
}
