package dev.isomorph.systemvm.boot;

/**
 * How a machine starts that has been loaded.
 *
 * @param pc where: all harts in machine mode, or hart 0 alone in supervisor mode
 * @param supervisor whether there is no firmware in memory but the built-in one: hart 0 starts as
 *     the SBI's {@code sbi_hart_start} would have it, with a0 its number and a1 the device tree;
 *     the others are stopped
 * @param deviceTree its address
 * @param rom what is in the memory at {@link #ROM}
 * @param toHost address by which a test program tells its end (HTIF), 0 if there is none
 * @param fromHost address by which it is answered, 0 if there is none
 */
public record StartState(
    long pc, boolean supervisor, long deviceTree, byte[] rom, long toHost, long fromHost) {
  /** Address of the read-only memory in which harts start. */
  public static final long ROM = ResetRom.ADDRESS;
}
