package dev.isomorph.tools.explain;

import dev.isomorph.processvm.ProcessObserver.Names;
import dev.isomorph.processvm.memory.AddressSpace;
import dev.isomorph.processvm.memory.Vma;

/** Names guest addresses, also those of which no symbol is known. */
record FunctionNames(Names symbols, AddressSpace space) {
  /** A name such as {@code main+0x12}; the address if there is none. */
  String placeOf(long pc) {
    String name = symbols.nameOf(pc);
    return name == null ? "0x" + Long.toHexString(pc) : name;
  }

  /** The function an address is in; without a symbol, the file that is mapped there. */
  String functionOf(long pc) {
    String name = symbols.nameOf(pc);
    if (name == null) {
      return "(no symbol) " + fileOf(pc);
    }
    int distance = name.lastIndexOf("+0x");
    return distance < 0 ? name : name.substring(0, distance);
  }

  /** The name of the file that is mapped at an address, without its folder. */
  String fileOf(long pc) {
    Vma area = space.area(pc);
    if (area == null || area.file() == null) {
      return "memory of no file";
    }
    String path = area.file().path();
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
