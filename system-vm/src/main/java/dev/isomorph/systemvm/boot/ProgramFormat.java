package dev.isomorph.systemvm.boot;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a file may be, told by bytes at a fixed place. */
final class ProgramFormat {
  /** Symbols of programs that talk to the host through memory. */
  static final String TO_HOST = "tohost";

  static final String FROM_HOST = "fromhost";

  private static final List<String> SYMBOLS = List.of(TO_HOST, FROM_HOST);

  private interface Reader {
    Program read(String name, byte[] file, long limit) throws BootException;
  }

  /**
   * One format.
   *
   * @param magic bytes, one a character
   */
  private record Format(int offset, String magic, Reader reader) {
    boolean matches(byte[] file) {
      byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
      if (file.length < offset + bytes.length) {
        return false;
      }
      for (int i = 0; i < bytes.length; i++) {
        if (file[offset + i] != bytes[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /** The first that matches is it. */
  private static final List<Format> FORMATS =
      List.of(
          new Format(0, "\u007fELF", (name, file, _) -> Elf64.read(name, file, SYMBOLS)),
          new Format(56, "RSC\u0005", (name, file, _) -> LinuxImage.read(name, file)),
          new Format(48, "RISCV\0\0\0", (name, file, _) -> LinuxImage.read(name, file)),
          new Format(
              0,
              "\u001f\u008b",
              (name, file, limit) -> packed(name, Unpacking.gzip(name, file, limit))),
          new Format(
              4, "zimg", (name, file, limit) -> packed(name, Unpacking.zboot(name, file, limit))),
          wrong(56, "ARMd", "a kernel for ARM64"),
          wrong(0x202, "HdrS", "a kernel for x86"),
          wrong(0, "\u0027\u0005\u0019\u0056", "a kernel wrapped for U-Boot"),
          wrong(0, "\u00d0\r\u00fe\u00ed", "a device tree"),
          wrong(0, "\u00fd7zXZ", "compressed by xz"),
          wrong(0, "\u0028\u00b5\u002f\u00fd", "compressed by zstd"),
          wrong(0, "BZh", "compressed by bzip2"),
          wrong(0, "QFI\u00fb", "a disk image"),
          wrong(0, "07070", "an initial RAM disk"),
          wrong(0, "!<arch>", "an archive or a Debian package"),
          wrong(0, "#!", "a script"),
          wrong(0, "MZ", "an EFI program, but no kernel"));

  private ProgramFormat() {}

  private static Format wrong(int offset, String magic, String what) {
    return new Format(
        offset,
        magic,
        (name, _, _) -> {
          throw new BootException(name + ": not a program for RISC-V but " + what);
        });
  }

  /** What was packed is a kernel, and nothing that is packed again. */
  private static Program packed(String name, byte[] file) throws BootException {
    if (Elf64.matches(file)) {
      return Elf64.read(name, file, SYMBOLS);
    }
    for (Format each : FORMATS.subList(1, 3)) {
      if (each.matches(file)) {
        return each.reader.read(name, file, 0);
      }
    }
    throw new BootException(name + ": holds no kernel for RISC-V");
  }

  /**
   * Reads a program.
   *
   * @param name of the file, for messages
   * @param raw whether a file of no known format is code, to be started at its first byte
   * @param limit bytes that a packed one may become
   */
  static Program read(String name, byte[] file, boolean raw, long limit) throws BootException {
    if (file.length == 0) {
      throw new BootException(name + ": empty");
    }
    for (Format each : FORMATS) {
      if (each.matches(file)) {
        return each.reader.read(name, file, limit);
      }
    }
    if (!raw) {
      throw new BootException(name + ": neither a Linux kernel for RISC-V nor an ELF file");
    }
    return new Program(
        List.of(new Segment(0, file, 0, file.length, file.length)), 0, true, Map.of());
  }
}
