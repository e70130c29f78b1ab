package dev.isomorph.systemvm.boot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** Makes files that look like kernels. */
final class Kernels {
  private static final int HEADER = 64;
  private static final int SEGMENT_HEADER = 56;

  private Kernels() {}

  /** A Linux kernel of so many bytes, filled with one value, that needs so much memory. */
  static byte[] image(int length, long size, int fill) {
    ByteBuffer file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (file.hasRemaining()) {
      file.put((byte) fill);
    }
    return file.putLong(0, 0)
        .putLong(8, 0x20_0000)
        .putLong(16, size)
        .putLong(24, 0)
        .putInt(32, 2)
        .put(56, "RSC\u0005".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(60, 0)
        .array();
  }

  /** That kernel with an EFI header which says that its one section ends there. */
  static byte[] withEfiHeader(byte[] image, int end) {
    ByteBuffer file = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(60, HEADER).putInt(HEADER, 0x4550);
    file.putShort(HEADER + 6, (short) 1).putShort(HEADER + 20, (short) 0);
    file.putInt(HEADER + 24 + 16, end - 8).putInt(HEADER + 24 + 20, 8);
    return image;
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packer = new GZIPOutputStream(out)) {
      packer.write(content);
    }
    return out.toByteArray();
  }

  /** An EFI program around something packed. */
  static byte[] zboot(byte[] packed, String method) {
    ByteBuffer file = ByteBuffer.allocate(100 + packed.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("MZ\0\0zimg".getBytes(StandardCharsets.US_ASCII));
    file.putInt(100).putInt(packed.length).put(24, method.getBytes(StandardCharsets.US_ASCII));
    return file.put(100, packed).array();
  }

  /** An ELF executable of one segment, and maybe one symbol. */
  static byte[] elf(long virtual, long physical, long entry, byte[] content, long size) {
    ByteBuffer file = elfHeader(HEADER + SEGMENT_HEADER + content.length);
    file.putLong(24, entry).putLong(32, HEADER).putShort(56, (short) 1);
    file.putInt(64, 1).putLong(72, 120).putLong(80, virtual).putLong(88, physical);
    file.putLong(96, content.length).putLong(104, size);
    return file.put(120, content).array();
  }

  /** The same with a segment of another type that holds the same. */
  static byte[] elfWithSegment(long address, byte[] content, int type) {
    byte[] plain = elf(address, address, address, content, content.length);
    ByteBuffer file =
        ByteBuffer.allocate(plain.length + 2 * SEGMENT_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, plain).putLong(32, plain.length).putShort(56, (short) 2);
    file.put(plain.length, plain, HEADER, SEGMENT_HEADER);
    file.put(plain.length + SEGMENT_HEADER, plain, HEADER, SEGMENT_HEADER);
    return file.putInt(plain.length + SEGMENT_HEADER, type).array();
  }

  /** The same with a symbol table of one symbol. */
  static byte[] elfWithSymbol(long address, byte[] content, String symbol, long value) {
    byte[] plain = elf(address, address, address, content, content.length);
    int sections = plain.length;
    int symbols = sections + 2 * 64;
    int strings = symbols + 24;
    ByteBuffer file =
        ByteBuffer.allocate(strings + symbol.length() + 1).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, plain).putLong(40, sections).putShort(60, (short) 2);
    file.putInt(sections + 4, 2).putLong(sections + 24, symbols).putLong(sections + 32, 24);
    file.putInt(sections + 40, 1).putLong(sections + 64 + 24, strings);
    file.putInt(symbols, 0).putLong(symbols + 8, value);
    return file.put(strings, symbol.getBytes(StandardCharsets.US_ASCII)).array();
  }

  private static ByteBuffer elfHeader(int length) {
    ByteBuffer file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("\u007fELF\u0002\u0001".getBytes(StandardCharsets.ISO_8859_1));
    return file.putShort(16, (short) 2).putShort(18, (short) 243);
  }
}
