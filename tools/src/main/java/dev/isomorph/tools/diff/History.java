package dev.isomorph.tools.diff;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Disassembler;
import dev.isomorph.processvm.ProcessObserver;

/** The last instructions that were executed. */
final class History {
  private final int shown;
  private final long[] pcs;
  private final int[] encodings;
  private long count;

  /**
   * @param shown how many of them are shown
   * @param removed how many may be {@linkplain #removeLast removed}
   */
  History(int shown, int removed) {
    this.shown = shown;
    pcs = new long[Math.max(1, shown + removed)];
    encodings = new int[pcs.length];
  }

  void add(long pc, int encoding) {
    int at = (int) (count++ % pcs.length);
    pcs[at] = pc;
    encodings[at] = encoding;
  }

  /** The last so many were not executed after all. */
  void removeLast(int many) {
    count -= many;
  }

  /** Instructions that were added. */
  long count() {
    return count;
  }

  /** A line for each, the last one last. */
  String text(ProcessObserver.Names names) {
    StringBuilder out = new StringBuilder();
    Disassembler disassembler = new Disassembler(names::nameOf);
    String function = null;
    for (long i = Math.max(0, count - shown); i < count; i++) {
      long pc = pcs[(int) (i % pcs.length)];
      int encoding = encodings[(int) (i % pcs.length)];
      String name = names.nameOf(pc);
      String here = name == null ? "?" : name.replaceFirst("\\+0x[0-9a-f]+$", "");
      if (!here.equals(function)) {
        out.append("  ").append(here).append(":\n");
        function = here;
      }
      out.append("    ").append(Long.toHexString(pc)).append(":\t");
      out.append(disassembler.line(Decoder.decode(encoding), pc)).append('\n');
    }
    return out.toString();
  }
}
