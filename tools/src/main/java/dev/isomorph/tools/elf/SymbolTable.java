package dev.isomorph.tools.elf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names for the addresses of a file: its symbol table, or where that is stripped the dynamic one
 * with versions; names of procedure linkage table entries; and mapping symbols, which say where
 * code is and where data (RISC-V ELF psABI, chapter 8.4).
 */
public final class SymbolTable {
  /** The symbol that the gp register points at. */
  public static final String GLOBAL_POINTER = "__global_pointer$";

  private static final int SYMBOL_SIZE = 24;
  private static final int RELOCATION_SIZE = 24;
  private static final int RELOCATION_INDIRECT = 58;
  private static final int UNDEFINED = 0;
  private static final int COMMON = 0xfff2;
  private static final int TYPE_SECTION = 3;
  private static final int TYPE_FILE = 4;
  private static final int PLT_HEADER_SIZE = 32;
  private static final int PLT_ENTRY_SIZE = 16;

  /** From this address on the section holds data, or code. */
  public record Mapping(long address, boolean data) {}

  private final ElfImage elf;
  private final List<Symbol> symbols = new ArrayList<>();
  private final Map<Integer, List<Mapping>> mappings = new HashMap<>();
  private final Map<Long, Symbol> relocated = new HashMap<>();

  /** Reads the symbols of a file. */
  public SymbolTable(ElfImage elf) throws IOException {
    this.elf = elf;
    ElfImage.Section dynamic = elf.first(ElfImage.SECTION_DYNAMIC_SYMBOLS);
    ElfImage.Section table = elf.first(ElfImage.SECTION_SYMBOLS);
    if (table == null || table.size() < 2 * SYMBOL_SIZE) {
      table = dynamic;
    }
    if (table != null) {
      readSymbols(table, table == dynamic ? new SymbolVersions(elf) : null);
    }
    if (dynamic != null) {
      readRelocations(dynamic);
    }
    symbols.sort(Symbol.ORDER);
    mappings
        .values()
        .forEach(list -> list.sort((a, b) -> Long.compareUnsigned(a.address, b.address)));
  }

  /** Sorted by {@link Symbol#ORDER}. */
  public List<Symbol> symbols() {
    return symbols;
  }

  /** Where code and data change in the section of that index, by address. */
  public List<Mapping> mappings(int section) {
    return mappings.getOrDefault(section, List.of());
  }

  /** The first symbol of that name, in whatever version, or null. */
  public Symbol named(String name) {
    for (Symbol each : symbols) {
      if (each.name().equals(name) || each.name().startsWith(name + "@")) {
        return each;
      }
    }
    return null;
  }

  /**
   * The text that names an address, as {@code main+0x10}; null when there are no symbols.
   *
   * @param visible the symbols to choose from, sorted
   */
  public String name(List<Symbol> visible, long address) {
    Symbol nearest = nearest(visible, address);
    if (nearest == null) {
      return null;
    }
    if (nearest.address() != address) {
      Symbol target = relocated.get(address);
      if (target != null) {
        // binutils names the slot's target, and for one that is defined here its distance.
        return target.section() == UNDEFINED ? target.name() : target.reference(address);
      }
    }
    return nearest.reference(address);
  }

  private static Symbol nearest(List<Symbol> symbols, long address) {
    if (symbols.isEmpty()) {
      return null;
    }
    int low = 0;
    int high = symbols.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(symbols.get(middle).address(), address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int at = Math.max(0, low - 1);
    while (at > 0 && symbols.get(at - 1).address() == symbols.get(at).address()) {
      at--;
    }
    return symbols.get(at);
  }

  private void readSymbols(ElfImage.Section table, SymbolVersions versions) throws IOException {
    ElfImage.Section strings = elf.section(table.link());
    for (int i = 1; i < table.size() / SYMBOL_SIZE; i++) {
      long at = table.offset() + (long) i * SYMBOL_SIZE;
      String name = elf.string(strings, elf.u32(at));
      int type = elf.u8(at + 4) & 15;
      int section = elf.u16(at + 6);
      long address = elf.u64(at + 8);
      if (elf.type() == ElfImage.TYPE_RELOCATABLE && elf.section(section) != null) {
        address += elf.section(section).address();
      }
      if (isMapping(name)) {
        mappings
            .computeIfAbsent(section, _ -> new ArrayList<>())
            .add(new Mapping(address, name.charAt(1) == 'd'));
      } else if (isUseful(name, type, section)) {
        String shown = versions == null ? name : name + versions.suffix(i, false);
        symbols.add(
            new Symbol(
                shown,
                address,
                section,
                elf.u64(at + 16),
                kind(type),
                binding(elf.u8(at + 4) >> 4)));
      }
    }
  }

  /** {@code $x} or {@code $d}, alone or with a suffix; $x may name an ISA. */
  private static boolean isMapping(String name) {
    return name.equals("$d")
        || name.startsWith("$d.")
        || name.equals("$x")
        || name.startsWith("$x.")
        || name.startsWith("$xrv");
  }

  private static boolean isUseful(String name, int type, int section) {
    return !name.isEmpty()
        && !name.equals(".L0 ")
        && type != TYPE_SECTION
        && type != TYPE_FILE
        && section != UNDEFINED
        && section != COMMON;
  }

  private static Symbol.Kind kind(int type) {
    return switch (type) {
      case 1 -> Symbol.Kind.OBJECT;
      case 2, 10 -> Symbol.Kind.FUNCTION;
      default -> Symbol.Kind.OTHER;
    };
  }

  private static Symbol.Binding binding(int binding) {
    return switch (binding) {
      case 0 -> Symbol.Binding.LOCAL;
      case 2 -> Symbol.Binding.WEAK;
      default -> Symbol.Binding.GLOBAL;
    };
  }

  /** Names the addresses that the dynamic linker fills, and the linkage entries that use them. */
  private void readRelocations(ElfImage.Section dynamic) throws IOException {
    SymbolVersions versions = new SymbolVersions(elf);
    ElfImage.Section plt = null;
    for (ElfImage.Section each : elf.sections()) {
      if (each.name().equals(".plt")) {
        plt = each;
      }
    }
    for (ElfImage.Section each : elf.sections()) {
      if (each.type() != ElfImage.SECTION_RELOCATIONS || each.link() != dynamic.index()) {
        continue;
      }
      for (int i = 0; i < each.size() / RELOCATION_SIZE; i++) {
        long at = each.offset() + (long) i * RELOCATION_SIZE;
        long info = elf.u64(at + 8);
        Symbol target = target(dynamic, versions, info, elf.u64(at + 16));
        if (target == null) {
          continue;
        }
        if ((int) info != RELOCATION_INDIRECT) {
          relocated.putIfAbsent(elf.u64(at), target);
        }
        if (plt != null && each.name().equals(".rela.plt")) {
          long address = plt.address() + PLT_HEADER_SIZE + (long) i * PLT_ENTRY_SIZE;
          int version = target.name().indexOf('@');
          String name = version < 0 ? target.name() : target.name().substring(0, version);
          symbols.add(linkage(name + "@plt", address, plt.index()));
        }
      }
    }
  }

  /** What a dynamic relocation refers to, or null when that has no name. */
  private Symbol target(ElfImage.Section dynamic, SymbolVersions versions, long info, long addend)
      throws IOException {
    if ((int) info == RELOCATION_INDIRECT) {
      return linkage("*ABS*+0x" + Long.toHexString(addend), 0, UNDEFINED);
    }
    int index = (int) (info >>> 32);
    if (index <= 0 || index >= dynamic.size() / SYMBOL_SIZE) {
      return null;
    }
    long entry = dynamic.offset() + (long) index * SYMBOL_SIZE;
    int section = elf.u16(entry + 6);
    String name = elf.string(elf.section(dynamic.link()), elf.u32(entry));
    return linkage(
        name + versions.suffix(index, section == UNDEFINED), elf.u64(entry + 8), section);
  }

  private static Symbol linkage(String name, long address, int section) {
    return new Symbol(name, address, section, 0, Symbol.Kind.FUNCTION, Symbol.Binding.GLOBAL);
  }
}
