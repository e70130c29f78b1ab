package dev.isomorph.processvm.report;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.engine.Engine;
import dev.isomorph.engine.EngineStats;

/** The work of translation, summed up. */
public final class StatsReport {
  private static final int LABEL_WIDTH = 28;

  private StatsReport() {}

  /**
   * Prints the sums.
   *
   * @param program what was translated and by whom, null if there is but one process
   */
  public static void print(TextSink out, String program, Engine engine, long nanosecondsInAll) {
    EngineStats stats = engine.stats();
    CodeCache cache = engine.codeCache();
    if (program != null) {
      out.print("isomorph: ").print(program).print(":").newLine();
    }
    line(out, "blocks translated", stats.blocks());
    line(out, "blocks kept from before", stats.revived());
    line(out, "blocks put together quickly", stats.putTogether());
    line(out, "blocks translated again", stats.improved());
    line(out, "regions compiled", stats.regions());
    line(out, "regions kept from before", stats.regionsRevived());
    line(out, "regions given up", stats.regionsDropped());
    line(out, "guest instructions", stats.guestInstructions());
    line(out, "guest bytes", stats.guestBytes());
    line(out, "host bytes", stats.hostBytes());
    line(out, "translation, microseconds", stats.nanoseconds() / 1000);
    line(out, "run, microseconds", nanosecondsInAll / 1000);
    line(out, "code cache, bytes used", cache.bytesUsed());
    line(out, "blocks in the code cache", cache.size());
    line(out, "evictions of a segment", cache.evictions());
    line(out, "blocks invalidated", stats.invalidated());
    line(out, "entries from the dispatcher", stats.dispatches());
    line(out, "direct jumps linked", stats.links());
    line(out, "indirect jumps looked up", stats.lookups());
    line(out, "instructions evaluated", stats.evaluated());
    line(out, "faults", stats.faults());
    out.flush();
  }

  static void line(TextSink out, String label, long value) {
    out.print("isomorph: ").print(label);
    for (int i = label.length(); i < LABEL_WIDTH; i++) {
      out.print(" ");
    }
    String digits = Long.toString(value);
    for (int i = digits.length(); i < 14; i++) {
      out.print(" ");
    }
    out.print(digits).newLine();
  }
}
