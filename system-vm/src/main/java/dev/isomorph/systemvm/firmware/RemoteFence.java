package dev.isomorph.systemvm.firmware;

/** A fence that one hart has others execute. */
public sealed interface RemoteFence {
  /** {@code fence.i}. */
  record Instructions() implements RemoteFence {}

  /**
   * {@code sfence.vma} for [start, start + size), in all address spaces.
   *
   * @param size bytes; {@link #EVERYTHING} for the whole address space
   */
  record Addresses(long start, long size) implements RemoteFence {}

  /** {@code sfence.vma} for [start, start + size) of one address space. */
  record AddressesOf(int asid, long start, long size) implements RemoteFence {}

  /** The size of an address space. */
  long EVERYTHING = -1;
}
