package dev.isomorph.processvm.memory;

/** Whoever keeps translations of guest code and must hear when their source goes away. */
public interface CodeInvalidator {
  /**
   * Executable memory in the guest range from {@code start} to {@code end} (exclusive) was
   * unmapped, replaced, moved, or gained or lost permissions. Called after the change, on the
   * thread that made it, with no lock of the address space held.
   */
  void changed(long start, long end);
}
