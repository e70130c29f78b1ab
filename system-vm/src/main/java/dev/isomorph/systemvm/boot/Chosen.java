package dev.isomorph.systemvm.boot;

/**
 * What the device tree's node {@code /chosen} tells the kernel.
 *
 * @param commandLine maybe empty
 * @param initrdStart address of the initial RAM disk
 * @param initrdEnd address after its last byte; that of its first if there is none
 */
public record Chosen(String commandLine, long initrdStart, long initrdEnd) {
  /** Whether there is an initial RAM disk. */
  public boolean hasInitrd() {
    return initrdEnd != initrdStart;
  }
}
