package dev.isomorph.systemvm.ninep;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A message of 9P: length, type and tag, then fields, little-endian; strings are bytes behind their
 * count, and each char stands for one. Reading beyond the end throws BufferUnderflowException,
 * writing BufferOverflowException.
 */
final class Message {
  static final int HEADER_BYTES = 7;

  private final ByteBuffer buffer;

  private Message(ByteBuffer buffer) {
    this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A message to read: its fields are next. */
  static Message of(byte[] bytes) {
    return new Message(ByteBuffer.wrap(bytes).position(HEADER_BYTES));
  }

  /** A message to write, of {@code capacity} bytes at most. */
  static Message create(int capacity) {
    return new Message(ByteBuffer.allocate(capacity).position(HEADER_BYTES));
  }

  int type() {
    return buffer.get(4) & 0xff;
  }

  int tag() {
    return buffer.getShort(5) & 0xffff;
  }

  /** The bytes, with the header filled in. */
  byte[] finish(int type, int tag) {
    int length = buffer.position();
    buffer.putInt(0, length).put(4, (byte) type).putShort(5, (short) tag);
    byte[] bytes = new byte[length];
    buffer.get(0, bytes);
    return bytes;
  }

  /** How many bytes there still are to read, or to write. */
  int remaining() {
    return buffer.remaining();
  }

  int position() {
    return buffer.position();
  }

  byte[] array() {
    return buffer.array();
  }

  int u8() {
    return buffer.get() & 0xff;
  }

  int u16() {
    return buffer.getShort() & 0xffff;
  }

  int u32() {
    return buffer.getInt();
  }

  long u64() {
    return buffer.getLong();
  }

  String string() {
    byte[] bytes = new byte[u16()];
    buffer.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  Message u8(int value) {
    buffer.put((byte) value);
    return this;
  }

  Message u16(int value) {
    buffer.putShort((short) value);
    return this;
  }

  Message u32(long value) {
    buffer.putInt((int) value);
    return this;
  }

  Message u64(long value) {
    buffer.putLong(value);
    return this;
  }

  Message string(String value) {
    u16(value.length());
    buffer.put(value.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  Message bytes(byte[] value) {
    buffer.put(value);
    return this;
  }

  Message time(Attributes.Time time) {
    return u64(time.seconds()).u64(time.nanoseconds());
  }

  /** A file's identity: what it is, which version, which file. */
  Message qid(int type, int version, long path) {
    return u8(type).u32(version).u64(path);
  }
}
