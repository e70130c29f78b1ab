package dev.isomorph.translator.opt;

import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.GuestMemoryFault;
import java.util.HashMap;
import java.util.Map;

/** Guest memory at all addresses, of which one access fails: the n-th. */
final class CountingMemory implements DataMemory {
  private final Map<Long, Byte> bytes = new HashMap<>();
  private int left;

  /**
   * @param good how many accesses succeed before one fails
   */
  CountingMemory(int good) {
    left = good;
  }

  Map<Long, Byte> contents() {
    return bytes;
  }

  private void count(long address, boolean write) {
    if (left-- == 0) {
      throw new GuestMemoryFault(address, write);
    }
  }

  private long get(long address, int count) {
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      long at = address + i;
      byte unwritten = (byte) (at * 0x9e37_79b9L >>> 13);
      value = value << 8 | bytes.getOrDefault(at, unwritten) & 0xff;
    }
    return value;
  }

  private void put(long address, int count, long value) {
    for (int i = 0; i < count; i++) {
      bytes.put(address + i, (byte) (value >>> 8 * i));
    }
  }

  @Override
  public long load(long address, int count) {
    count(address, false);
    return get(address, count);
  }

  @Override
  public void store(long address, int count, long value) {
    count(address, true);
    put(address, count, value);
  }

  @Override
  public boolean compareAndSet(long address, int count, long expected, long value) {
    count(address, true);
    long mask = count == 4 ? 0xffff_ffffL : -1;
    if (get(address, count) != (expected & mask)) {
      return false;
    }
    put(address, count, value);
    return true;
  }

  @Override
  public void zeroBlock(long address) {
    count(address, true);
    for (int i = 0; i < BLOCK_SIZE; i += 8) {
      put(address + i, 8, 0);
    }
  }
}
