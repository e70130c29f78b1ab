package dev.isomorph.tools.elf;

import java.util.Comparator;

/**
 * A name for an address.
 *
 * @param section index of its section, or one of ELF's special numbers
 * @param size in bytes, 0 when unknown
 */
public record Symbol(
    String name, long address, int section, long size, Kind kind, Binding binding) {
  /** What the symbol stands for. */
  public enum Kind {
    FUNCTION,
    OBJECT,
    OTHER
  }

  /** Who sees the symbol. */
  public enum Binding {
    GLOBAL,
    WEAK,
    LOCAL
  }

  /** By address; of those at one address the name that binutils would show comes first. */
  public static final Comparator<Symbol> ORDER =
      Comparator.comparing(Symbol::address, Long::compareUnsigned)
          .thenComparing(Symbol::isFileName)
          .thenComparing(Symbol::kind)
          .thenComparing(Symbol::binding)
          .thenComparing(Symbol::size, Comparator.reverseOrder())
          .thenComparing(symbol -> symbol.name.startsWith("."))
          .thenComparing(Symbol::name);

  /** The text that names an address near this symbol, as {@code main+0x10}. */
  public String reference(long target) {
    if (target == address) {
      return name;
    }
    return Long.compareUnsigned(target, address) > 0
        ? name + "+0x" + Long.toHexString(target - address)
        : name + "-0x" + Long.toHexString(address - target);
  }

  private boolean isFileName() {
    return name.endsWith(".o") || name.endsWith(".a");
  }
}
