package dev.isomorph.systemvm.device.serial;

/** Bytes on their way between threads; neither end waits. */
final class ByteQueue {
  private final byte[] ring;
  private int first;
  private int size;

  ByteQueue(int capacity) {
    ring = new byte[capacity];
  }

  synchronized int size() {
    return size;
  }

  /** Puts as many bytes behind the others as there is room for; returns how many. */
  synchronized int add(byte[] bytes, int offset, int length) {
    int taken = Math.min(length, ring.length - size);
    for (int i = 0; i < taken; i++) {
      ring[(first + size + i) % ring.length] = bytes[offset + i];
    }
    size += taken;
    return taken;
  }

  /** Copies the first bytes, as many as {@code to} holds; returns how many. */
  synchronized int peek(byte[] to) {
    int count = Math.min(to.length, size);
    for (int i = 0; i < count; i++) {
      to[i] = ring[(first + i) % ring.length];
    }
    return count;
  }

  /** Drops the first bytes, of which there are so many. */
  synchronized void remove(int count) {
    first = (first + count) % ring.length;
    size -= count;
  }
}
