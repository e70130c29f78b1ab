package dev.isomorph.tools.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a 64-bit little-endian ELF file that the tools need: sections and raw tables (ELF
 * gABI, chapters 4 and 5). Every offset in the file is distrusted; a bad one is an {@link
 * IOException} that names it.
 */
public final class ElfImage {
  public static final int TYPE_RELOCATABLE = 1;
  static final int SECTION_SYMBOLS = 2;
  static final int SECTION_RELOCATIONS = 4;
  static final int SECTION_NO_BITS = 8;
  static final int SECTION_DYNAMIC_SYMBOLS = 11;
  static final int SECTION_VERSION_DEFINITIONS = 0x6ffffffd;
  static final int SECTION_VERSION_NEEDS = 0x6ffffffe;
  static final int SECTION_SYMBOL_VERSIONS = 0x6fffffff;
  static final long FLAG_EXECUTABLE = 4;

  private static final int MAGIC = 0x464c457f;
  private static final int MAGIC_SIZE = 4;
  private static final int HEADER_SIZE = 64;
  private static final int SECTION_HEADER_SIZE = 64;
  private static final int PROGRAM_HEADER_SIZE = 56;
  private static final int MACHINE_RISCV = 243;

  /**
   * One section.
   *
   * @param link index of the section it refers to, such as a symbol table's strings
   * @param info a number whose meaning depends on the type
   */
  public record Section(
      int index,
      String name,
      int type,
      long flags,
      long address,
      int offset,
      int size,
      int link,
      int info) {
    boolean isCode() {
      return (flags & FLAG_EXECUTABLE) != 0 && type != SECTION_NO_BITS && size > 0;
    }
  }

  private final ByteBuffer file;
  private final List<Section> sections = new ArrayList<>();

  /** Reads the headers of an ELF file for RISC-V. */
  public ElfImage(byte[] content) throws IOException {
    file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (content.length < MAGIC_SIZE || file.getInt(0) != MAGIC) {
      throw new IOException("not an ELF file");
    }
    if (content.length < HEADER_SIZE) {
      throw new IOException(
          "truncated: the ELF header ends at byte "
              + HEADER_SIZE
              + ", the file has "
              + content.length);
    }
    if (content[4] != 2 || content[5] != 1) {
      throw new IOException("not a 64-bit little-endian ELF file");
    }
    if (u16(18) != MACHINE_RISCV) {
      throw new IOException("an ELF file for machine " + u16(18) + ", not RISC-V");
    }
    readSections();
  }

  /** The kind of file, e_type: 1 relocatable, 2 executable, 3 shared or position-independent. */
  public int type() throws IOException {
    return u16(16);
  }

  List<Section> sections() {
    return sections;
  }

  /** The section of that index, or null. */
  public Section section(int index) {
    return index >= 0 && index < sections.size() ? sections.get(index) : null;
  }

  /** The first section of a type, or null. */
  Section first(int type) {
    for (Section each : sections) {
      if (each.type == type) {
        return each;
      }
    }
    return null;
  }

  /**
   * The code to list: executable sections, or where a file has no sections its executable segments,
   * made to look like sections.
   */
  public List<Section> code() throws IOException {
    List<Section> code = new ArrayList<>();
    for (Section each : sections) {
      if (each.isCode()) {
        code.add(each);
      }
    }
    if (sections.isEmpty()) {
      long table = u64(32);
      for (int i = 0; i < u16(56); i++) {
        long at = table + (long) i * PROGRAM_HEADER_SIZE;
        boolean executableLoad = u32(at) == 1 && (u32(at + 4) & 1) != 0;
        if (executableLoad) {
          int size = extent(u64(at + 8), u64(at + 32), "segment " + i);
          code.add(
              new Section(
                  -1,
                  "segment" + i,
                  1,
                  FLAG_EXECUTABLE,
                  u64(at + 16),
                  (int) u64(at + 8),
                  size,
                  0,
                  0));
        }
      }
    }
    return code;
  }

  /** The byte at that offset in the file. */
  public int u8(long offset) throws IOException {
    return file.get(check(offset, 1)) & 0xff;
  }

  /** The unsigned 16-bit value at that offset in the file. */
  public int u16(long offset) throws IOException {
    return file.getShort(check(offset, 2)) & 0xffff;
  }

  /** The 32-bit value at that offset in the file. */
  public int u32(long offset) throws IOException {
    return file.getInt(check(offset, 4));
  }

  long u64(long offset) throws IOException {
    return file.getLong(check(offset, 8));
  }

  /** The string at {@code offset} in a string table; empty when the table is missing. */
  String string(Section table, int offset) throws IOException {
    if (table == null || offset < 0 || offset >= table.size) {
      return "";
    }
    int start = table.offset + offset;
    int end = start;
    while (end < table.offset + table.size && file.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - start];
    file.get(start, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private void readSections() throws IOException {
    long table = u64(40);
    int count = u16(60);
    if (table == 0 || count == 0) {
      return;
    }
    int[] names = new int[count];
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * SECTION_HEADER_SIZE;
      int type = u32(at + 4);
      long offset = u64(at + 24);
      boolean inFile = type != SECTION_NO_BITS && type != 0;
      int size = inFile ? extent(offset, u64(at + 32), "section " + i) : 0;
      names[i] = u32(at);
      sections.add(
          new Section(
              i,
              "",
              type,
              u64(at + 8),
              u64(at + 16),
              inFile ? (int) offset : 0,
              size,
              u32(at + 40),
              u32(at + 44)));
    }
    Section strings = section(u16(62));
    for (int i = 0; i < count; i++) {
      Section s = sections.get(i);
      sections.set(
          i,
          new Section(
              i,
              string(strings, names[i]),
              s.type,
              s.flags,
              s.address,
              s.offset,
              s.size,
              s.link,
              s.info));
    }
  }

  private int extent(long offset, long size, String what) throws IOException {
    if (offset < 0 || size < 0 || offset > file.limit() || size > file.limit() - offset) {
      throw new IOException(what + " lies outside the file");
    }
    return (int) size;
  }

  private int check(long offset, int size) throws IOException {
    if (offset < 0 || offset > file.limit() - size) {
      throw new IOException("truncated: offset 0x" + Long.toHexString(offset) + " is missing");
    }
    return (int) offset;
  }
}
