package dev.isomorph.conformance.golden;

import dev.isomorph.conformance.golden.SparseMemory.Access;

/** Why a hart stopped; its pc is that of the instruction that could not be completed. */
public sealed interface Ending {
  /** ecall. */
  record SystemCall() implements Ending {}

  /** ebreak. */
  record Breakpoint() implements Ending {}

  /**
   * An illegal-instruction exception.
   *
   * @param encoding 16 or 32 bits, as fetched
   */
  record IllegalInstruction(int encoding) implements Ending {}

  /**
   * An access to memory without the right to it.
   *
   * @param address of the first byte that may not be accessed
   * @param access what was attempted; atomic instructions other than load-reserved write
   */
  record MemoryFault(long address, Access access) implements Ending {}

  /** An atomic instruction at an address that is not a multiple of its width. */
  record Misaligned(long address) implements Ending {}
}
