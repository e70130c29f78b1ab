package dev.isomorph.systemvm.memory;

/**
 * Hears of stores to a doubleword of RAM that is not like the rest. No hart stores to its page but
 * by the bus.
 */
public record StoreWatch(long address, Listener listener) {
  /** What hears. */
  public interface Listener {
    /** The doubleword has this value now; called on the thread of the hart that stored. */
    void stored(long value);
  }

  private static final int BYTES = 8;
  private static final long PAGE = 4096;

  boolean isTouchedBy(long start, int bytes) {
    return start < address + BYTES && address < start + bytes;
  }

  boolean isIn(long page) {
    return (address & -PAGE) == page;
  }
}
