package dev.isomorph.systemvm.device;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A queue of bytes that has room for so many; not synchronized. */
final class ByteFifo {
  private final byte[] bytes;
  private int first;
  private int size;

  ByteFifo(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Puts a byte behind the others; returns whether there was room. */
  boolean add(int value) {
    if (size == bytes.length) {
      return false;
    }
    bytes[(first + size) % bytes.length] = (byte) value;
    size++;
    return true;
  }

  /** The first byte, unsigned, or 0 if there is none. */
  int peek() {
    return size == 0 ? 0 : bytes[first] & 0xff;
  }

  /** Takes the first byte, unsigned, or gives 0 if there is none. */
  int remove() {
    int value = peek();
    if (size > 0) {
      first = (first + 1) % bytes.length;
      size--;
    }
    return value;
  }

  void clear() {
    size = 0;
  }

  void save(DataOutput out) throws IOException {
    out.writeByte(size);
    for (int i = 0; i < size; i++) {
      out.writeByte(bytes[(first + i) % bytes.length]);
    }
  }

  void restore(DataInput in) throws IOException {
    clear();
    int count = in.readUnsignedByte();
    for (int i = 0; i < count; i++) {
      if (!add(in.readByte())) {
        throw new IOException("a queue of " + count + " bytes");
      }
    }
  }
}
