package dev.isomorph.systemvm.gdb;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Reads what a packet consists of, from its beginning on. */
final class Fields {
  private static final HexFormat HEX = HexFormat.of();
  private static final int MOST_DIGITS = 16;

  private final byte[] content;
  private int at;

  Fields(byte[] content) {
    this.content = content;
  }

  /** What is left, as text. */
  String text() {
    return new String(content, at, content.length - at, StandardCharsets.ISO_8859_1);
  }

  boolean isAtEnd() {
    return at == content.length;
  }

  /** Skips a character if it is the next. */
  boolean skip(char c) {
    boolean is = at < content.length && content[at] == c;
    at += is ? 1 : 0;
    return is;
  }

  /** Skips some text if it is next. */
  boolean skip(String text) {
    boolean is = text().startsWith(text);
    at += is ? text.length() : 0;
    return is;
  }

  void expect(char c) throws BadPacket {
    if (!skip(c)) {
      throw new BadPacket();
    }
  }

  /** The text up to one of some characters, which is not skipped, or to the end. */
  String upTo(String ends) {
    int start = at;
    while (at < content.length && ends.indexOf(content[at]) < 0) {
      at++;
    }
    return new String(content, start, at - start, StandardCharsets.ISO_8859_1);
  }

  /** An unsigned number in hexadecimal. */
  long number() throws BadPacket {
    int start = at;
    long value = 0;
    while (at < content.length && HexFormat.isHexDigit(content[at])) {
      value = value << 4 | HexFormat.fromHexDigit(content[at]);
      at++;
    }
    if (at == start || at - start > MOST_DIGITS) {
      throw new BadPacket();
    }
    return value;
  }

  /** A number of bytes, or the like: not a huge one. */
  int count(int most) throws BadPacket {
    long value = number();
    if (value < 0 || value > most) {
      throw new BadPacket();
    }
    return (int) value;
  }

  /** The rest: two digits for each byte. */
  byte[] hexBytes() throws BadPacket {
    try {
      byte[] bytes = HEX.parseHex(text());
      at = content.length;
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new BadPacket();
    }
  }

  /** The rest, byte by byte. */
  byte[] bytes() {
    byte[] rest = new byte[content.length - at];
    System.arraycopy(content, at, rest, 0, rest.length);
    at = content.length;
    return rest;
  }
}
