package dev.isomorph.processvm.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Makes ELF files by hand, right ones and wrong ones. */
final class ElfBuilder {
  static final int R = 4;
  static final int W = 2;
  static final int X = 1;

  /** A program header with all its fields. */
  record Header(
      int type, int flags, long offset, long address, long fileSize, long memorySize, long align) {
    Header withFlags(int other) {
      return new Header(type, other, offset, address, fileSize, memorySize, align);
    }
  }

  byte elfClass = 2;
  byte data = 1;
  int type = 2;
  int machine = 243;
  long entry = 0x10000;
  long headersOffset = 64;
  int headerSize = 56;
  int headerCount = -1;
  int fileSize = 0x2000;
  final List<Header> headers = new ArrayList<>();

  ElfBuilder load(int flags, long offset, long address, long size, long memorySize) {
    headers.add(new Header(1, flags, offset, address, size, memorySize, 0x1000));
    return this;
  }

  ElfBuilder header(int headerType, int flags, long offset, long size) {
    headers.add(new Header(headerType, flags, offset, offset, size, size, 1));
    return this;
  }

  /** Each page of the file is filled with its number plus one, behind headers and strings. */
  byte[] build(String... strings) {
    ByteBuffer file = ByteBuffer.allocate(fileSize).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < fileSize; i++) {
      file.put(i, (byte) (i / 4096 + 1));
    }
    file.put(new byte[] {0x7f, 'E', 'L', 'F', elfClass, data, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    file.order(data == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    file.putShort((short) type).putShort((short) machine).putInt(1);
    file.putLong(entry).putLong(headersOffset).putLong(0).putInt(0);
    file.putShort((short) 64).putShort((short) headerSize);
    file.putShort((short) (headerCount < 0 ? headers.size() : headerCount));
    file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    for (Header h : headers) {
      file.putInt(h.type).putInt(h.flags).putLong(h.offset).putLong(h.address);
      file.putLong(h.address).putLong(h.fileSize).putLong(h.memorySize).putLong(h.align);
    }
    for (String string : strings) {
      file.put(Bytes.of(string));
    }
    return file.array();
  }

  /** A static program: code with its headers, data with a bss of three pages and a bit. */
  static ElfBuilder program() {
    return new ElfBuilder()
        .load(R | X, 0, 0x10000, 0x800, 0x800)
        .load(R | W, 0x1800, 0x12800, 0x400, 0x3456);
  }

  /** A position-independent program. */
  static ElfBuilder positionIndependent() {
    ElfBuilder builder =
        new ElfBuilder().load(R | X, 0, 0, 0x800, 0x800).load(R | W, 0x1800, 0x2800, 0x400, 0x3456);
    builder.type = 3;
    builder.entry = 0x400;
    return builder;
  }
}
