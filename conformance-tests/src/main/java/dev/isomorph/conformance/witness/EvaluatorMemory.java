package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.translator.eval.DataMemory;
import dev.isomorph.translator.eval.GuestMemoryFault;

/** A {@link SparseMemory} for the evaluator. */
final class EvaluatorMemory implements DataMemory {
  private final SparseMemory memory;

  EvaluatorMemory(SparseMemory memory) {
    this.memory = memory;
  }

  private void require(long address, int bytes, Access access) {
    for (int i = 0; i < bytes; i++) {
      if (!memory.allows(address + i, access)) {
        throw new GuestMemoryFault(address + i, access == Access.WRITE);
      }
    }
  }

  @Override
  public long load(long address, int bytes) {
    require(address, bytes, Access.READ);
    return memory.peek(address, bytes);
  }

  @Override
  public void store(long address, int bytes, long value) {
    require(address, bytes, Access.WRITE);
    memory.poke(address, bytes, value);
  }

  @Override
  public boolean compareAndSet(long address, int bytes, long expected, long value) {
    require(address, bytes, Access.WRITE);
    long mask = -1L >>> 64 - 8 * bytes;
    if (memory.peek(address, bytes) != (expected & mask)) {
      return false;
    }
    memory.poke(address, bytes, value);
    return true;
  }

  @Override
  public void zeroBlock(long address) {
    require(address, BLOCK_SIZE, Access.WRITE);
    for (int offset = 0; offset < BLOCK_SIZE; offset += 8) {
      memory.poke(address + offset, 8, 0);
    }
  }
}
