package dev.isomorph.processvm.elf;

import java.nio.charset.StandardCharsets;

/** Numbers and text in byte arrays, little-endian unless told. */
final class Bytes {
  private Bytes() {}

  static int u16(byte[] bytes, int at) {
    return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
  }

  static int u16BigEndian(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  static int i32(byte[] bytes, int at) {
    return u16(bytes, at) | u16(bytes, at + 2) << 16;
  }

  static long i64(byte[] bytes, int at) {
    return i32(bytes, at) & 0xffff_ffffL | (long) i32(bytes, at + 4) << 32;
  }

  /** The bytes of a string of the guest: one per char. */
  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A string of the guest: one char per byte. */
  static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** The string that starts at {@code from} and ends before a zero byte or the array's end. */
  static String textUntilZero(byte[] bytes, int from) {
    int to = from;
    while (to < bytes.length && bytes[to] != 0) {
      to++;
    }
    return text(bytes, from, to);
  }
}
