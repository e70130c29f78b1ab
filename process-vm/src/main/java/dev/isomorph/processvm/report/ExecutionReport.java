package dev.isomorph.processvm.report;

import dev.isomorph.hostbackend.lower.ExecutionCounts;
import dev.isomorph.hostbackend.lower.ExecutionCounts.Translation;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The instructions a program has executed, its own and the host's for them, and where. */
public final class ExecutionReport {
  private static final int HOTTEST = 20;

  private final CodeNames names;
  private final boolean exhausted;
  private final long evaluated;
  private final Sum blocks = new Sum(0, "block");
  private final Sum regions = new Sum(0, "region");
  private final List<Sum> hottest;

  /** What translations of the same code have executed. */
  private static final class Sum {
    final long pc;
    final String tier;
    long entries;
    long guest;
    long hot;
    long cold;

    Sum(long pc, String tier) {
      this.pc = pc;
      this.tier = tier;
    }

    void add(Translation translation) {
      entries += translation.entries();
      guest += translation.guest();
      hot += translation.hot();
      cold += translation.cold();
    }

    long host() {
      return hot + cold;
    }
  }

  /** A report of what has been counted so far. */
  public ExecutionReport(ExecutionCounts counts, CodeNames names) {
    this.names = names;
    exhausted = counts.isExhausted();
    evaluated = counts.evaluatedCount();
    Map<String, Sum> places = new HashMap<>();
    for (Translation each : counts.translations()) {
      Sum tier = each.isRegion() ? regions : blocks;
      tier.add(each);
      places.computeIfAbsent(tier.tier + each.pc(), key -> new Sum(each.pc(), tier.tier)).add(each);
    }
    List<Sum> all = new ArrayList<>(places.values());
    all.sort(
        (a, b) ->
            a.host() != b.host()
                ? Long.compare(b.host(), a.host())
                : Long.compareUnsigned(a.pc, b.pc));
    hottest = all.subList(0, Math.min(HOTTEST, all.size()));
  }

  private long guest() {
    return blocks.guest + regions.guest + evaluated;
  }

  private long host() {
    return blocks.host() + regions.host();
  }

  /** Prints it for people. */
  public void print(TextSink out) {
    if (exhausted) {
      out.print("isomorph: too much code for the counters: these counts are wrong").newLine();
    }
    StatsReport.line(out, "guest instructions executed", guest());
    StatsReport.line(out, "  by blocks", blocks.guest);
    StatsReport.line(out, "  by regions", regions.guest);
    StatsReport.line(out, "  by the evaluator", evaluated);
    StatsReport.line(out, "host instructions executed", host());
    StatsReport.line(out, "  in line", blocks.hot + regions.hot);
    StatsReport.line(out, "  out of line", blocks.cold + regions.cold);
    out.print(String.format("isomorph: %-28s%14s%n", "host per guest", ratio(host(), guest())));
    ratioOf(out, blocks);
    ratioOf(out, regions);
    out.print("isomorph: hottest code:").newLine();
    out.print("isomorph:   share    guest executed  host/guest         entries  code").newLine();
    for (Sum each : hottest) {
      String name = names.nameOf(each.pc);
      out.print(
          String.format(
              Locale.ROOT,
              "isomorph:  %5.1f%%  %16d  %10s  %14d  %s 0x%x %s%n",
              100.0 * each.host() / Math.max(1, host()),
              each.guest,
              ratio(each.host(), each.guest),
              each.entries,
              each.tier,
              each.pc,
              name == null ? "?" : name));
    }
    out.flush();
  }

  private static void ratioOf(TextSink out, Sum tier) {
    if (tier.guest != 0) {
      out.print(
          String.format(
              "isomorph: %-28s%14s%n", "  in " + tier.tier + "s", ratio(tier.host(), tier.guest)));
    }
  }

  private static String ratio(long host, long guest) {
    return guest == 0 ? "-" : String.format(Locale.ROOT, "%.3f", (double) host / guest);
  }

  /**
   * Appends it to a file for machines, as a JSON object in one line.
   *
   * @param program that has been run
   */
  public void append(String file, String program) {
    StringBuilder out = new StringBuilder("{\"program\": ");
    string(out, program);
    out.append(", \"complete\": ").append(!exhausted);
    number(out, "guest", guest());
    number(out, "host", host());
    number(out, "evaluated", evaluated);
    for (Sum tier : List.of(blocks, regions)) {
      out.append(", \"").append(tier.tier).append("s\": {");
      numbers(out, tier);
      out.append('}');
    }
    out.append(", \"hottest\": [");
    String separator = "{";
    for (Sum each : hottest) {
      out.append(separator).append("\"tier\": \"").append(each.tier).append("\", \"name\": ");
      string(out, names.nameOf(each.pc));
      number(out, "pc", each.pc);
      out.append(", ");
      numbers(out, each);
      out.append('}');
      separator = ", {";
    }
    out.append("]}\n");
    try (FileOutputStream stream = new FileOutputStream(file, true)) {
      stream.write(out.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      System.err.println("isomorph: --stats: " + e.getMessage());
    }
  }

  private static void numbers(StringBuilder out, Sum sum) {
    out.append("\"entries\": ").append(sum.entries);
    number(out, "guest", sum.guest);
    number(out, "hot", sum.hot);
    number(out, "cold", sum.cold);
  }

  private static void number(StringBuilder out, String key, long value) {
    out.append(", \"").append(key).append("\": ").append(value);
  }

  private static void string(StringBuilder out, String text) {
    if (text == null) {
      out.append("null");
      return;
    }
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
