package dev.isomorph.processvm.report;

import dev.isomorph.processvm.elf.ElfSymbols;
import dev.isomorph.processvm.elf.ProgramFiles;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Vma;
import java.util.HashMap;
import java.util.Map;

/** Names for guest addresses from the symbols of whatever file is mapped there. */
public final class CodeNames {
  private final AddressSpace space;
  private final ProgramFiles files;
  private final Map<String, ElfSymbols> tables = new HashMap<>();

  public CodeNames(AddressSpace space, ProgramFiles files) {
    this.space = space;
    this.files = files;
  }

  /** Returns a name such as {@code main+0x12}, or null. */
  public String nameOf(long address) {
    Vma area = space.area(address);
    if (area == null || area.file() == null) {
      return null;
    }
    ElfSymbols symbols = symbolsOf(area.file().path());
    return symbols == null ? null : symbols.nameAt(area.offset() + address - area.start());
  }

  private ElfSymbols symbolsOf(String path) {
    if (!tables.containsKey(path)) {
      int descriptor = files.open(path);
      tables.put(path, descriptor < 0 ? null : ElfSymbols.read(descriptor));
    }
    return tables.get(path);
  }
}
