package dev.isomorph.systemvm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * Linux's own format of kernels: code behind a header of 64 bytes, which runs from any multiple of
 * 2 MiB (Linux, Documentation/arch/riscv/boot-image-header.rst).
 */
final class LinuxImage {
  private static final int HEADER_SIZE = 64;
  private static final int IMAGE_SIZE = 16;
  private static final int FLAGS = 24;
  private static final int BIG_ENDIAN = 1;
  private static final int EFI_HEADER = 60;
  private static final int EFI_SIGNATURE = 0x4550;
  private static final int EFI_OPTIONAL_HEADER = 24;
  private static final int EFI_SECTION = 40;

  private LinuxImage() {}

  /**
   * Reads a kernel.
   *
   * @param name of the file, for messages
   */
  static Program read(String name, byte[] file) throws BootException {
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < HEADER_SIZE) {
      throw new BootException(name + ": truncated kernel");
    }
    if ((header.getLong(FLAGS) & BIG_ENDIAN) != 0) {
      throw new BootException(name + ": a kernel for big-endian RISC-V");
    }
    if (file.length < contentSize(header)) {
      throw new BootException(
          name
              + ": truncated kernel: "
              + contentSize(header)
              + " bytes belong in it, "
              + file.length
              + " are there");
    }
    long size = Math.max(header.getLong(IMAGE_SIZE), file.length);
    return new Program(List.of(new Segment(0, file, 0, file.length, size)), 0, true, Map.of());
  }

  /** Where the last section ends by the EFI header, which most kernels have; 0 without. */
  private static long contentSize(ByteBuffer header) {
    long at = Integer.toUnsignedLong(header.getInt(EFI_HEADER));
    long end = 0;
    if (at < HEADER_SIZE
        || at + EFI_OPTIONAL_HEADER > header.limit()
        || header.getInt((int) at) != EFI_SIGNATURE) {
      return end;
    }
    int sections = header.getShort((int) at + 6) & 0xffff;
    long table = at + EFI_OPTIONAL_HEADER + (header.getShort((int) at + 20) & 0xffff);
    for (int i = 0; i < sections; i++) {
      long section = table + (long) i * EFI_SECTION;
      if (section + EFI_SECTION > header.limit()) {
        return section + EFI_SECTION;
      }
      long size = Integer.toUnsignedLong(header.getInt((int) section + 16));
      long start = Integer.toUnsignedLong(header.getInt((int) section + 20));
      end = Math.max(end, start + size);
    }
    return end;
  }
}
