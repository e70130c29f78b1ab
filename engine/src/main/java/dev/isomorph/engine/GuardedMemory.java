package dev.isomorph.engine;

import dev.isomorph.hostbackend.signal.GuardedAccess;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.GuestMemoryFault;

/**
 * Guest memory for the evaluator as emitted code sees it: nothing is asked beforehand, the access
 * itself tells. So it does not matter what other threads unmap meanwhile.
 */
final class GuardedMemory implements DataMemory, AutoCloseable {
  private final long base;
  private final GuardedAccess access = new GuardedAccess();

  GuardedMemory(GuestMemory memory) {
    base = memory.windowBase();
  }

  @Override
  public long load(long address, int bytes) {
    orFault(access.load(base + address, bytes), false);
    return access.value();
  }

  @Override
  public void store(long address, int bytes, long value) {
    orFault(access.store(base + address, bytes, value), true);
  }

  @Override
  public boolean compareAndSet(long address, int bytes, long expected, long value) {
    orFault(access.compareAndSet(base + address, bytes, expected, value), true);
    return access.value() != 0;
  }

  @Override
  public void zeroBlock(long address) {
    orFault(access.clear(base + address), true);
  }

  private void orFault(boolean done, boolean write) {
    if (!done) {
      throw new GuestMemoryFault(access.faultAddress() - base, write);
    }
  }

  /** The signal of the last fault. */
  int faultSignal() {
    return access.faultSignal();
  }

  @Override
  public void close() {
    access.close();
  }
}
