package dev.isomorph.engine.report;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.engine.EngineStats;

/** Writes an engine's counters as a table. */
public final class StatsReport {
  private static final int LABEL_WIDTH = 34;
  private static final long NANOSECONDS_PER_MICROSECOND = 1000;

  private StatsReport() {}

  /** The table, a line per counter. */
  public static String of(EngineStats stats, CodeCache cache) {
    StringBuilder out = new StringBuilder("isomorph statistics\n");
    row(out, "blocks translated", stats.blocks());
    row(out, "guest instructions translated", stats.guestInstructions());
    row(out, "guest bytes translated", stats.guestBytes());
    row(out, "host bytes emitted", stats.hostBytes());
    row(
        out,
        "time in translation, microseconds",
        stats.nanoseconds() / NANOSECONDS_PER_MICROSECOND);
    row(out, "blocks in the cache", cache.size());
    row(out, "bytes in the cache", cache.bytesUsed());
    row(out, "cache evictions", cache.evictions());
    row(out, "blocks invalidated", stats.invalidated());
    row(out, "entries into host code", stats.dispatches());
    row(out, "direct jumps linked", stats.links());
    row(out, "indirect jumps looked up", stats.lookups());
    row(out, "instructions evaluated", stats.evaluated());
    row(out, "faults", stats.faults());
    return out.toString();
  }

  private static void row(StringBuilder out, String label, long value) {
    out.append("  ").append(label);
    String number = Long.toString(value);
    for (int i = label.length() + number.length(); i < LABEL_WIDTH + 14; i++) {
      out.append(' ');
    }
    out.append(number).append('\n');
  }
}
