package dev.isomorph.engine;

/** Guest memory as the engine sees it: a window of host memory and what may be done where. */
public interface GuestMemory {
  /** Host address of guest address 0. */
  long windowBase();

  /**
   * How many bytes from {@code address} on are mapped executable without a gap.
   *
   * @return at most {@code max}, 0 if {@code address} itself is not
   */
  int fetchable(long address, int max);

  /** Whether all of [address, address + length) may be read. */
  boolean readable(long address, long length);

  /** Whether all of [address, address + length) may be written. */
  boolean writable(long address, long length);
}
