package dev.isomorph.processvm.elf;

import java.util.Arrays;

/**
 * Names for places in an ELF file, from its symbol table or, where that is stripped, the dynamic
 * one. A file that is damaged has fewer names, or none.
 */
public final class ElfSymbols {
  private static final int SECTIONS_OFFSET = 40;
  private static final int SECTION_SIZE = 58;
  private static final int SECTION_COUNT = 60;
  private static final int HEADERS_OFFSET = 32;
  private static final int HEADER_SIZE = 54;
  private static final int HEADER_COUNT = 56;
  private static final int FILE_HEADER_BYTES = 64;
  private static final int SECTION_BYTES = 64;
  private static final int SYMBOL_BYTES = 24;
  private static final int SHT_SYMTAB = 2;
  private static final int SHT_DYNSYM = 11;
  private static final int STT_FUNC = 2;
  private static final int STT_GNU_IFUNC = 10;

  /** No table of a real program is larger. */
  private static final int LARGEST_TABLE = 256 << 20;

  private final byte[] programHeaders;
  private byte[] names = {};

  /** Address and place of the name of each symbol, sorted by address. */
  private long[][] symbols = {};

  private ElfSymbols(byte[] programHeaders) {
    this.programHeaders = programHeaders;
  }

  /**
   * Reads the symbols of a file; closes it.
   *
   * @param descriptor of the host, open for reading
   */
  public static ElfSymbols read(int descriptor) {
    try (HostFile file = new HostFile(descriptor)) {
      byte[] header = file.read(0, FILE_HEADER_BYTES);
      if (header.length < FILE_HEADER_BYTES || !ElfImage.hasMagic(header)) {
        return new ElfSymbols(new byte[0]);
      }
      byte[] headers =
          Bytes.u16(header, HEADER_SIZE) == ProgramHeader.BYTES
              ? file.read(
                  Bytes.i64(header, HEADERS_OFFSET),
                  Bytes.u16(header, HEADER_COUNT) * ProgramHeader.BYTES)
              : new byte[0];
      ElfSymbols result = new ElfSymbols(headers);
      result.readSections(file, header);
      return result;
    }
  }

  private void readSections(HostFile file, byte[] header) {
    int count = Bytes.u16(header, SECTION_COUNT);
    if (Bytes.u16(header, SECTION_SIZE) != SECTION_BYTES) {
      return;
    }
    byte[] sections = file.read(Bytes.i64(header, SECTIONS_OFFSET), count * SECTION_BYTES);
    int table = find(sections, SHT_SYMTAB);
    if (table < 0) {
      table = find(sections, SHT_DYNSYM);
    }
    if (table < 0) {
      return;
    }
    int strings = Bytes.i32(sections, table + 40);
    if (strings < 0 || (strings + 1L) * SECTION_BYTES > sections.length) {
      return;
    }
    names = section(file, sections, strings * SECTION_BYTES);
    readSymbols(section(file, sections, table));
  }

  /** Returns where the header of the first section of a type is, -1 if there is none. */
  private static int find(byte[] sections, int type) {
    for (int at = 0; at + SECTION_BYTES <= sections.length; at += SECTION_BYTES) {
      if (Bytes.i32(sections, at + 4) == type) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] section(HostFile file, byte[] sections, int at) {
    long offset = Bytes.i64(sections, at + 24);
    long size = Bytes.i64(sections, at + 32);
    boolean sane = offset >= 0 && size >= 0 && size <= LARGEST_TABLE && size <= file.size();
    return sane ? file.read(offset, (int) size) : new byte[0];
  }

  private void readSymbols(byte[] table) {
    long[][] found = new long[table.length / SYMBOL_BYTES][];
    int count = 0;
    for (int at = 0; at + SYMBOL_BYTES <= table.length; at += SYMBOL_BYTES) {
      int name = Bytes.i32(table, at);
      int type = table[at + 4] & 15;
      boolean defined = Bytes.u16(table, at + 6) != 0;
      if ((type == STT_FUNC || type == STT_GNU_IFUNC || type == 0)
          && defined
          && name > 0
          && name < names.length
          && names[name] != '$'
          && names[name] != 0) {
        found[count++] = new long[] {Bytes.i64(table, at + 8), name};
      }
    }
    symbols = Arrays.copyOf(found, count);
    Arrays.sort(symbols, (a, b) -> Long.compareUnsigned(a[0], b[0]));
  }

  /** Returns {@code name+0xdistance} for a place in the file as it is loaded; null if unknown. */
  public String nameAt(long fileOffset) {
    for (int i = 0; (i + 1) * ProgramHeader.BYTES <= programHeaders.length; i++) {
      ProgramHeader header = ProgramHeader.read(programHeaders, i);
      if (header.type() == ProgramHeader.PT_LOAD
          && fileOffset >= header.offset()
          && fileOffset - header.offset() < header.fileSize()) {
        return nameOf(fileOffset - header.offset() + header.address());
      }
    }
    return null;
  }

  private String nameOf(long address) {
    int low = 0;
    int high = symbols.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(symbols[middle][0], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return null;
    }
    String name = Bytes.textUntilZero(names, (int) symbols[low - 1][1]);
    long distance = address - symbols[low - 1][0];
    return distance == 0 ? name : name + "+0x" + Long.toHexString(distance);
  }
}
