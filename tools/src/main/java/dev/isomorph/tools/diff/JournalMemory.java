package dev.isomorph.tools.diff;

import dev.isomorph.engine.WindowMemory;
import dev.isomorph.translator.eval.DataMemory;
import java.util.Arrays;

/**
 * Guest memory for a trial run: what is stored is kept here, byte by byte, and memory stays as it
 * is. Loads see what was stored.
 */
final class JournalMemory implements DataMemory {
  private final WindowMemory memory;
  private long[] addresses = new long[256];
  private byte[] values = new byte[256];
  private byte[] originals = new byte[256];
  private int size;

  JournalMemory(WindowMemory memory) {
    this.memory = memory;
  }

  /** Forgets what was stored. */
  void clear() {
    size = 0;
  }

  /** Goes back to before the stores, in memory that has meanwhile been stored to. */
  void rewind() {
    System.arraycopy(originals, 0, values, 0, size);
  }

  /**
   * Finds the first byte stored that memory does not have.
   *
   * @return its address, or -1 if memory has all of them
   */
  long missing() {
    for (int i = 0; i < size; i++) {
      if ((byte) memory.load(addresses[i], 1) != values[i]) {
        return addresses[i];
      }
    }
    return -1;
  }

  @Override
  public long load(long address, int bytes) {
    long value = memory.load(address, bytes);
    for (int i = 0; i < size; i++) {
      long at = addresses[i] - address;
      if (at >= 0 && at < bytes) {
        int shift = 8 * (int) at;
        value = value & ~(0xffL << shift) | (values[i] & 0xffL) << shift;
      }
    }
    return value;
  }

  @Override
  public void store(long address, int bytes, long value) {
    memory.requireWritable(address, bytes);
    for (int i = 0; i < bytes; i++) {
      put(address + i, (byte) (value >>> 8 * i));
    }
  }

  private void put(long address, byte value) {
    for (int i = 0; i < size; i++) {
      if (addresses[i] == address) {
        values[i] = value;
        return;
      }
    }
    if (size == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
      originals = Arrays.copyOf(originals, 2 * size);
    }
    addresses[size] = address;
    originals[size] = (byte) memory.load(address, 1);
    values[size++] = value;
  }

  @Override
  public boolean compareAndSet(long address, int bytes, long expected, long value) {
    memory.requireWritable(address, bytes);
    long mask = bytes == Long.BYTES ? -1 : (1L << 8 * bytes) - 1;
    if ((load(address, bytes) & mask) != (expected & mask)) {
      return false;
    }
    store(address, bytes, value);
    return true;
  }

  @Override
  public void zeroBlock(long address) {
    memory.requireWritable(address, BLOCK_SIZE);
    for (int i = 0; i < BLOCK_SIZE; i++) {
      put(address + i, (byte) 0);
    }
  }
}
