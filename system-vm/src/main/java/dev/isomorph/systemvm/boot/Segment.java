package dev.isomorph.systemvm.boot;

/**
 * Bytes that belong at an address.
 *
 * @param address where they go
 * @param from what they are a part of
 * @param offset where in that they begin
 * @param length how many there are
 * @param size bytes of memory, at least {@code length}; those that follow are zero
 */
record Segment(long address, byte[] from, int offset, int length, long size) {
  long end() {
    return address + size;
  }

  Segment moved(long distance) {
    return new Segment(address + distance, from, offset, length, size);
  }
}
