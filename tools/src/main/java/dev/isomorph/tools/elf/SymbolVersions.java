package dev.isomorph.tools.elf;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Versions of dynamic symbols (GNU symbol versioning; Linux Standard Base, chapter 10.7). */
final class SymbolVersions {
  private static final int HIDDEN = 0x8000;
  private static final int LOCAL = 0;
  private static final int GLOBAL = 1;

  private final ElfImage elf;
  private final ElfImage.Section indices;
  private final Map<Integer, String> names = new HashMap<>();

  SymbolVersions(ElfImage elf) throws IOException {
    this.elf = elf;
    indices = elf.first(ElfImage.SECTION_SYMBOL_VERSIONS);
    names.put(GLOBAL, "Base");
    readDefinitions();
    readNeeds();
  }

  /**
   * What binutils appends to the name: nothing, {@code @@VERSION} for the default version of a
   * defined symbol, else {@code @VERSION}.
   */
  String suffix(int symbol, boolean undefined) throws IOException {
    if (indices == null || 2L * symbol + 2 > indices.size()) {
      return "";
    }
    int version = elf.u16(indices.offset() + 2L * symbol);
    String name = names.get(version & ~HIDDEN);
    if (name == null || (version & ~HIDDEN) == LOCAL) {
      return "";
    }
    return (undefined || (version & HIDDEN) != 0 ? "@" : "@@") + name;
  }

  private void readDefinitions() throws IOException {
    ElfImage.Section table = elf.first(ElfImage.SECTION_VERSION_DEFINITIONS);
    if (table == null) {
      return;
    }
    ElfImage.Section strings = elf.section(table.link());
    long at = table.offset();
    for (int i = 0; i < table.info(); i++) {
      int index = elf.u16(at + 4);
      long first = at + elf.u32(at + 12);
      // The first definition names the file itself; its symbols have the base version.
      if (index != GLOBAL) {
        names.put(index, elf.string(strings, elf.u32(first)));
      }
      at += elf.u32(at + 16);
    }
  }

  private void readNeeds() throws IOException {
    ElfImage.Section table = elf.first(ElfImage.SECTION_VERSION_NEEDS);
    if (table == null) {
      return;
    }
    ElfImage.Section strings = elf.section(table.link());
    long at = table.offset();
    for (int i = 0; i < table.info(); i++) {
      long each = at + elf.u32(at + 8);
      for (int j = 0; j < elf.u16(at + 2); j++) {
        names.put(elf.u16(each + 6) & ~HIDDEN, elf.string(strings, elf.u32(each + 8)));
        each += elf.u32(each + 12);
      }
      at += elf.u32(at + 12);
    }
  }
}
