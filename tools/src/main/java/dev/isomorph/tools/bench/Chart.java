package dev.isomorph.tools.bench;

import dev.isomorph.tools.Markup;
import dev.isomorph.tools.bench.Machine.Kind;
import dev.isomorph.tools.bench.Result.Measure;
import dev.isomorph.tools.bench.Result.Phase;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results as one HTML page with a drawing, without scripts or parts elsewhere. */
final class Chart {
  private static final int LEFT = 130;
  private static final int WIDTH = 900;
  private static final int RIGHT = 60;
  private static final int ROW = 34;
  private static final int BAR = 11;
  private static final int HEAD = 30;

  /** The grid: times the native run time. */
  private static final double[] LINES = {0.5, 1, 2, 3, 5, 10, 20, 50, 100, 200};

  private static final String CSS =
      """
      :root { color-scheme: light dark; --ink: #1c2430; --faint: #667085; --paper: #fff;
        --line: #d9dee6; --iso: #2563c9; --qemu: #e08a1e; --warm: #0b2a5e; --bad: #b3261e; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --faint: #98a2b3;
        --paper: #14181f; --line: #333b47; --iso: #6ea0f5; --qemu: #e6a24a; --warm: #d6e4ff;
        --bad: #ff9a92; } }
      body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--paper);
        color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
      h1 { margin: 0; font-size: 1.5rem; } h2 { margin: 1.8rem 0 .3rem; font-size: 1.1rem; }
      small, .faint { color: var(--faint); } .bad { color: var(--bad); }
      svg { width: 100%; height: auto; font: 13px system-ui, sans-serif; }
      svg text { fill: var(--ink); } svg .faint { fill: var(--faint); }
      svg line { stroke: var(--line); } svg line.one { stroke: var(--ink); }
      svg .iso { fill: var(--iso); } svg .qemu { fill: var(--qemu); }
      svg .warm { fill: var(--warm); } svg .mean { font-weight: 600; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: .15rem .6rem; border-bottom: 1px solid var(--line); text-align: right;
        white-space: nowrap; }
      th:first-child { text-align: left; font-weight: 400; }
      thead th, thead th:first-child, tr.mean > * { font-weight: 600; }
      .wide { overflow-x: auto; }
      .key { display: inline-block; width: .8em; height: .8em; border-radius: .15em; }
      """;

  private final StringBuilder out = new StringBuilder();
  private final List<Result> results;

  /** The greatest ratio drawn. */
  private final double most;

  private Chart(List<Result> results) {
    this.results = results;
    double greatest = 4;
    for (Result each : results) {
      for (Kind kind : List.of(Kind.ISOMORPH, Kind.QEMU)) {
        double ratio = each.ratio(kind, Kind.NATIVE, Phase.COLD);
        greatest = Math.max(greatest, Double.isNaN(ratio) ? 0 : ratio);
      }
    }
    most = greatest * 1.1;
  }

  /** The page. */
  static String page(
      List<Result> results, int runs, double scale, Clock clock, List<Machine> machines) {
    Chart chart = new Chart(results);
    chart.head(runs, scale, clock, machines);
    Map<String, List<Result>> groups = Result.groups(results);
    groups.forEach(
        (name, members) -> {
          if (!name.equals("all") || groups.size() == 1) {
            chart.drawing(name, members);
          }
        });
    chart.losers();
    chart.table(groups);
    return chart.out.append("</body>\n</html>\n").toString();
  }

  private void head(int runs, double scale, Clock clock, List<Machine> machines) {
    add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add("<meta name=\"viewport\" content=\"width=device-width\">\n");
    add("<title>Isomorph: run times</title>\n<style>\n%s</style>\n</head>\n<body>\n", CSS);
    add("<h1>Run times</h1>\n<p>Times the native run time, on a logarithmic scale; shorter is");
    add(" better. <span class=\"key\" style=\"background: var(--iso)\"></span> Isomorph,");
    add(" <span class=\"key\" style=\"background: var(--qemu)\"></span> the fastest qemu,");
    add(" <span class=\"key\" style=\"background: var(--warm); width: .25em\"></span>");
    add(" the later half of the rounds under Isomorph. <small>Medians of %d runs", runs);
    add(clock == Clock.CPU ? ", processor time," : "");
    add(" at scale %s: %s.</small></p>\n", number(scale), names(machines));
  }

  private static String names(List<Machine> machines) {
    return Markup.escape(String.join(", ", machines.stream().map(Machine::name).toList()));
  }

  private void drawing(String group, List<Result> members) {
    List<Result> drawn = members.stream().filter(each -> each.of(Kind.NATIVE) != null).toList();
    add("<h2>%s</h2>\n", Markup.escape(group));
    if (drawn.isEmpty()) {
      add("<p class=\"faint\">no native times</p>\n");
      return;
    }
    int height = HEAD + (drawn.size() + 1) * ROW;
    add("<svg viewBox=\"0 0 %d %d\" role=\"img\">\n", WIDTH, height);
    for (double line : LINES) {
      if (line <= most) {
        add(
            "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"%4$s/>\n",
            x(line), HEAD - 8, height, line == 1 ? " class=\"one\"" : "");
        add(
            "<text class=\"faint\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s&#215;</text>\n",
            x(line), HEAD - 13, number(line));
      }
    }
    int y = HEAD;
    for (Result each : drawn) {
      bars(
          y,
          each.benchmark().name(),
          "",
          Ratios.ISOMORPH_TO_NATIVE.of(each),
          Ratios.WARM_ISOMORPH_TO_NATIVE.of(each),
          each.ratio(Kind.QEMU, Kind.NATIVE, Phase.COLD));
      y += ROW;
    }
    bars(
        y,
        "geometric mean",
        " class=\"mean\"",
        Ratios.ISOMORPH_TO_NATIVE.mean(drawn),
        Ratios.WARM_ISOMORPH_TO_NATIVE.mean(drawn),
        Result.geometricMean(drawn, each -> each.ratio(Kind.QEMU, Kind.NATIVE, Phase.COLD)));
    add("</svg>\n");
  }

  private void bars(int y, String name, String style, double isomorph, double warm, double qemu) {
    add(
        "<text%s x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n",
        style, LEFT - 8, y + ROW / 2, Markup.escape(name));
    bar(y + 3, "iso", isomorph);
    bar(y + 3 + BAR + 1, "qemu", qemu);
    if (!Double.isNaN(warm)) {
      add(
          "<rect class=\"warm\" x=\"%.1f\" y=\"%d\" width=\"3\" height=\"%d\"/>\n",
          x(warm) - 1.5, y + 1, BAR + 4);
    }
  }

  private void bar(int y, String style, double ratio) {
    if (Double.isNaN(ratio)) {
      return;
    }
    double start = Math.min(x(1), x(ratio));
    double width = Math.max(1, Math.abs(x(ratio) - x(1)));
    add(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
        style, start, y, width, BAR);
    add(
        "<text x=\"%.1f\" y=\"%d\" font-size=\"11\">%s</text>\n",
        start + width + 5, y + BAR - 1, Report.ratio(ratio));
  }

  private static double least() {
    return LINES[0];
  }

  private double x(double ratio) {
    double part = Math.log(Math.max(ratio, least()) / least()) / Math.log(most / least());
    return LEFT + part * (WIDTH - LEFT - RIGHT);
  }

  private void losers() {
    add(
        "<h2>What loses</h2>\n<p>Slower than qemu: <b>%s</b><br>\n",
        list(Report.slowerThanQemu(results)));
    add("More than three times native: <b>%s</b></p>\n", list(Report.slowerThanNative(results)));
    for (Result each : results) {
      if (!each.problem().isEmpty()) {
        String problem = each.benchmark().name() + ": " + each.problem();
        add("<p class=\"bad\">%s</p>\n", Markup.escape(problem));
      }
    }
  }

  private static String list(List<String> names) {
    return Markup.escape(Report.names(names));
  }

  private void table(Map<String, List<Result>> groups) {
    add("<h2>All numbers</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>program</th>");
    for (Kind kind : Kind.values()) {
      add("<th>%s, s</th><th>MiB</th>", kind.text());
    }
    for (Ratios ratio : Ratios.values()) {
      add("<th>%s</th>", ratio.heading);
    }
    add("<th>host/guest</th></tr></thead>\n<tbody>\n");
    for (Result each : results) {
      add("<tr><th>%s</th>", Markup.escape(each.benchmark().name()));
      for (Kind kind : Kind.values()) {
        cells(each.of(kind));
      }
      for (Ratios ratio : Ratios.values()) {
        add("<td>%s</td>", Report.ratio(ratio.of(each)));
      }
      add("<td>%s</td></tr>\n", Report.ratio(each.hostPerGuest()));
    }
    groups.forEach(
        (name, members) -> {
          add("<tr class=\"mean\"><th>mean %s</th><td colspan=\"6\"></td>", Markup.escape(name));
          for (Ratios ratio : Ratios.values()) {
            add("<td>%s</td>", Report.ratio(ratio.mean(members)));
          }
          add(
              "<td>%s</td></tr>\n",
              Report.ratio(Result.geometricMean(members, Result::hostPerGuest)));
        });
    add("</tbody></table></div>\n");
  }

  private void cells(Measure measure) {
    if (measure == null) {
      add("<td>-</td><td>-</td>");
      return;
    }
    String memory =
        measure.peakKib() == 0
            ? "-"
            : String.format(Locale.ROOT, "%.0f", measure.peakKib() / 1024.0);
    add("<td>%.3f</td><td>%s</td>", measure.seconds(), memory);
  }

  private static String number(double value) {
    return value == (long) value ? Long.toString((long) value) : Double.toString(value);
  }

  private void add(String format, Object... values) {
    out.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
  }
}
