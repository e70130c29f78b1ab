package dev.isomorph.tools.trace;

import java.util.List;

/**
 * Which executed instructions a trace shows: those at the addresses wanted, without the first few
 * of them, and no more than so many.
 *
 * @param from first address
 * @param to address after the last, unsigned
 * @param functions names of functions; empty for all code
 * @param skip how many instructions at such addresses are passed over first
 * @param count how many are shown then
 */
record TraceFilter(long from, long to, List<String> functions, long skip, long count) {
  static final TraceFilter ALL = new TraceFilter(0, -1, List.of(), 0, Long.MAX_VALUE);

  /**
   * Whether instructions at an address are wanted.
   *
   * @param name what the address is called, such as {@code main+0x12}; null if it has no name
   */
  boolean wants(long pc, String name) {
    if (Long.compareUnsigned(pc, from) < 0 || Long.compareUnsigned(pc, to) >= 0) {
      return false;
    }
    return functions.isEmpty() || name != null && functions.contains(function(name));
  }

  /** The function that a name such as {@code main+0x12} is in. */
  static String function(String name) {
    int plus = name.lastIndexOf("+0x");
    return plus < 0 ? name : name.substring(0, plus);
  }
}
