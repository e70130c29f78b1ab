package dev.isomorph.tools.suite;

import dev.isomorph.tools.elf.Symbol;
import dev.isomorph.tools.elf.SymbolTable;
import java.util.List;

/**
 * The guest memory in which a test leaves its results.
 *
 * @param start guest address of the first byte
 * @param end guest address behind the last one
 * @param symbols names for addresses, sorted
 */
record SignatureRegion(long start, long end, SymbolTable symbols) {
  /** The pairs of symbols that mark it; the first pair that is there counts. */
  private static final List<List<String>> MARKS =
      List.of(
          List.of("begin_signature", "end_signature"),
          List.of("rvtest_sig_begin", "rvtest_sig_end"));

  /** The region that symbols mark, or null. */
  static SignatureRegion of(SymbolTable symbols) {
    for (List<String> pair : MARKS) {
      Symbol start = symbols.named(pair.getFirst());
      Symbol end = symbols.named(pair.getLast());
      if (start != null && end != null && start.address() <= end.address()) {
        return new SignatureRegion(start.address(), end.address(), symbols);
      }
    }
    return null;
  }

  /** The two pairs of names, for messages. */
  static String marks() {
    return String.join(" or ", MARKS.stream().map(pair -> String.join("/", pair)).toList());
  }

  /** An address with its name, such as {@code 0x18590 (begin_signature)}. */
  String describe(long address) {
    return "0x" + Long.toHexString(address) + " (" + symbols.name(symbols.symbols(), address) + ")";
  }
}
