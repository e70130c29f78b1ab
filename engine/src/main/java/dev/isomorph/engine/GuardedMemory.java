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
    if (!access.load(base + address, bytes)) {
      throw new GuestMemoryFault(address, false);
    }
    return access.value();
  }

  @Override
  public void store(long address, int bytes, long value) {
    orFault(access.store(base + address, bytes, value), address);
  }

  @Override
  public boolean compareAndSet(long address, int bytes, long expected, long value) {
    orFault(access.compareAndSet(base + address, bytes, expected, value), address);
    return access.value() != 0;
  }

  @Override
  public void zeroBlock(long address) {
    orFault(access.clear(base + address), address);
  }

  private static void orFault(boolean done, long address) {
    if (!done) {
      throw new GuestMemoryFault(address, true);
    }
  }

  @Override
  public void close() {
    access.close();
  }
}
