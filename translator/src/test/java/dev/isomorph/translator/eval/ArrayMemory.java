package dev.isomorph.translator.eval;

import java.util.Arrays;

/**
 * Guest memory in an array, for tests: a writable page, a read-only page behind it, and nothing
 * else.
 */
public final class ArrayMemory implements DataMemory {
  /** Address of the writable page. */
  public static final long BASE = 0x10000;

  /** Bytes of a page. */
  public static final int PAGE = 4096;

  /** Address of the read-only page. */
  public static final long READ_ONLY = BASE + PAGE;

  private final byte[] bytes = new byte[2 * PAGE];

  /** Puts bytes into memory, into the read-only page too. */
  public void set(long address, int... values) {
    for (int i = 0; i < values.length; i++) {
      bytes[Math.toIntExact(address - BASE) + i] = (byte) values[i];
    }
  }

  /** All of memory from {@link #BASE}. */
  public byte[] contents() {
    return bytes.clone();
  }

  @Override
  public long load(long address, int count) {
    index(address, 0, false);
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | bytes[index(address, i, false)] & 0xff;
    }
    return value;
  }

  @Override
  public void store(long address, int count, long value) {
    index(address, 0, true);
    index(address, count - 1, true);
    for (int i = 0; i < count; i++) {
      bytes[index(address, i, true)] = (byte) (value >>> 8 * i);
    }
  }

  @Override
  public boolean compareAndSet(long address, int count, long expected, long value) {
    index(address, 0, true);
    long mask = count == 4 ? 0xffff_ffffL : -1;
    if (load(address, count) != (expected & mask)) {
      return false;
    }
    store(address, count, value);
    return true;
  }

  @Override
  public void zeroBlock(long address) {
    int start = index(address, 0, true);
    Arrays.fill(bytes, start, start + BLOCK_SIZE, (byte) 0);
  }

  private static int index(long address, int offset, boolean write) {
    long at = address + offset;
    if (at < BASE || at >= BASE + (write ? PAGE : 2 * PAGE)) {
      throw new GuestMemoryFault(at, write);
    }
    return (int) (at - BASE);
  }
}
