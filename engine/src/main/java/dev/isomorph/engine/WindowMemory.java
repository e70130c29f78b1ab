package dev.isomorph.engine;

import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.GuestMemoryFault;

/**
 * Guest memory for the evaluator: every access is checked against the map first. What another
 * thread unmaps after that is a fault, too. One thread at a time.
 */
public final class WindowMemory implements DataMemory, AutoCloseable {
  private static final int PAGE = 4096;

  private final GuestMemory memory;
  private final GuardedMemory guarded;

  /** Whether the last fault was one of the map. */
  private boolean isOfMap;

  public WindowMemory(GuestMemory memory) {
    this.memory = memory;
    guarded = new GuardedMemory(memory);
  }

  @Override
  public long load(long address, int bytes) {
    isOfMap = !memory.readable(address, bytes);
    if (isOfMap) {
      throw new GuestMemoryFault(firstFault(address, bytes, false), false);
    }
    return guarded.load(address, bytes);
  }

  @Override
  public void store(long address, int bytes, long value) {
    requireWritable(address, bytes);
    guarded.store(address, bytes, value);
  }

  @Override
  public boolean compareAndSet(long address, int bytes, long expected, long value) {
    requireWritable(address, bytes);
    return guarded.compareAndSet(address, bytes, expected, value);
  }

  @Override
  public void zeroBlock(long address) {
    requireWritable(address, BLOCK_SIZE);
    guarded.zeroBlock(address);
  }

  /**
   * Does what a store does but for storing.
   *
   * @throws GuestMemoryFault if the guest has no right to store there
   */
  public void requireWritable(long address, int bytes) {
    isOfMap = !memory.writable(address, bytes);
    if (isOfMap) {
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

  /** The signal that the last fault is to raise: beyond a mapped file's end it is not SIGSEGV. */
  int faultSignal() {
    return isOfMap ? GuestSpace.SIGSEGV : guarded.faultSignal();
  }

  @Override
  public void close() {
    guarded.close();
  }
}
