package dev.isomorph.systemvm.hart;

/**
 * Data that a debugger wants to know the accesses to.
 *
 * @param address virtual, of the first byte
 * @param length bytes, at least 1
 */
public record Watchpoint(long address, long length, boolean loads, boolean stores) {
  boolean isTouchedBy(long start, int bytes, boolean store) {
    return (store ? stores : loads)
        && Long.compareUnsigned(start - address, length) < 0
            | Long.compareUnsigned(address - start, bytes) < 0;
  }

  boolean isInPage(long start) {
    long page = start & -PageWalker.PAGE;
    return Long.compareUnsigned(page - address, length) < 0
        | Long.compareUnsigned(address - page, PageWalker.PAGE) < 0;
  }
}
