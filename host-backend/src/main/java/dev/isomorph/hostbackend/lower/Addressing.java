package dev.isomorph.hostbackend.lower;

/** How emitted code gets from a guest address to host memory. */
public enum Addressing {
  /** Guest memory is a window of host memory: an access that must not be faults on the host. */
  WINDOW,
  /**
   * Each access looks its page up in the {@link Tlb} in use; direct jumps go no further than the
   * page they are in, since the next one may be mapped elsewhere tomorrow.
   */
  PAGED
}
