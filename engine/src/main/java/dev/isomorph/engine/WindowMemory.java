package dev.isomorph.engine;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.GuestMemoryFault;

/** Guest memory for the evaluator: every access is checked against the map first. */
public final class WindowMemory implements DataMemory {
  private static final int PAGE = 4096;

  private final GuestMemory memory;

  public WindowMemory(GuestMemory memory) {
    this.memory = memory;
  }

  @Override
  public long load(long address, int bytes) {
    if (!memory.readable(address, bytes)) {
      throw new GuestMemoryFault(firstFault(address, bytes, false), false);
    }
    long host = memory.windowBase() + address;
    return switch (bytes) {
      case 1 -> HostMemory.getByte(host) & 0xffL;
      case 2 -> HostMemory.getShort(host) & 0xffffL;
      case 4 -> HostMemory.getInt(host) & 0xffff_ffffL;
      default -> HostMemory.getLong(host);
    };
  }

  @Override
  public void store(long address, int bytes, long value) {
    requireWritable(address, bytes);
    long host = memory.windowBase() + address;
    switch (bytes) {
      case 1 -> HostMemory.putByte(host, (byte) value);
      case 2 -> HostMemory.putShort(host, (short) value);
      case 4 -> HostMemory.putInt(host, (int) value);
      default -> HostMemory.putLong(host, value);
    }
  }

  @Override
  public boolean compareAndSet(long address, int bytes, long expected, long value) {
    requireWritable(address, bytes);
    long host = memory.windowBase() + address;
    return bytes == 4
        ? HostMemory.compareAndSetInt(host, (int) expected, (int) value)
        : HostMemory.compareAndSetLong(host, expected, value);
  }

  @Override
  public void zeroBlock(long address) {
    requireWritable(address, BLOCK_SIZE);
    HostMemory.fill(memory.windowBase() + address, BLOCK_SIZE, (byte) 0);
  }

  /**
   * Does what a store does but for storing.
   *
   * @throws GuestMemoryFault if the guest has no right to store there
   */
  public void requireWritable(long address, int bytes) {
    if (!memory.writable(address, bytes)) {
      throw new GuestMemoryFault(firstFault(address, bytes, true), true);
    }
  }

  /** An access that crosses into a bad page is reported at the start of that page. */
  private long firstFault(long address, int bytes, boolean write) {
    long page = (address | (PAGE - 1)) + 1;
    if (page - address >= bytes || page < address) {
      return address;
    }
    int first = (int) (page - address);
    boolean firstPartOk = write ? memory.writable(address, first) : memory.readable(address, first);
    return firstPartOk ? page : address;
  }
}
