package dev.isomorph.conformance.coverage;

import dev.isomorph.decoder.Opcode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes down which instructions have been tested how often, and which corners were met. */
public final class CoverageReport {
  private final List<Coverage> rows;

  public CoverageReport(List<Coverage> rows) {
    this.rows = List.copyOf(rows);
  }

  /**
   * Writes {@code coverage.txt}, {@code coverage.json} and {@code coverage.html}.
   *
   * @param folder made if it does not exist
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("coverage.txt"), text());
    Files.writeString(folder.resolve("coverage.json"), json());
    Files.writeString(folder.resolve("coverage.html"), html());
  }

  private static Set<Corner> met(Coverage row) {
    Set<Corner> met = EnumSet.copyOf(row.applicable());
    met.removeAll(row.missing());
    return met;
  }

  private static String name(Corner corner) {
    return corner.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String names(Collection<Corner> corners) {
    return corners.stream().map(CoverageReport::name).collect(Collectors.joining(", "));
  }

  private static String mnemonic(Coverage row) {
    return row.shape().row().mnemonic();
  }

  /** A table with a line per instruction. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format("%-12s %10s %8s  %s%n", "instruction", "cases", "corners", "not met"));
    for (Coverage row : rows) {
      String corners = met(row).size() + "/" + row.applicable().size();
      text.append(
          String.format(
                  "%-12s %10d %8s  %s", mnemonic(row), row.cases(), corners, names(row.missing()))
              .stripTrailing());
      text.append('\n');
    }
    long cases = rows.stream().mapToLong(Coverage::cases).sum();
    int tested = (int) rows.stream().filter(row -> row.cases() > 0).count();
    text.append(
        String.format(
            "%d cases of %d of %d instructions%n", cases, tested, Opcode.values().length));
    return text.toString();
  }

  /** For each instruction its cases, and the names of the corners that were met and not. */
  String json() {
    return rows.stream()
        .map(
            row ->
                "{\"instruction\": \"%s\", \"cases\": %d, \"met\": %s, \"missing\": %s}"
                    .formatted(
                        mnemonic(row), row.cases(), jsonNames(met(row)), jsonNames(row.missing())))
        .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }

  private static String jsonNames(Set<Corner> corners) {
    return corners.stream()
        .map(corner -> "\"" + corner.name() + "\"")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** A page with a matrix of instructions and corners. */
  String html() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Corner corner : Corner.values()) {
      page.append("<th class=corner>").append(name(corner));
    }
    page.append("</thead>\n");
    for (Coverage row : rows) {
      page.append("<tr><th>").append(mnemonic(row)).append("<td>").append(row.cases());
      Set<Corner> missing = row.missing();
      for (Corner corner : Corner.values()) {
        String mark =
            missing.contains(corner)
                ? "<td class=missing>✗"
                : row.applicable().contains(corner) ? "<td class=met>✓" : "<td>";
        page.append(mark);
      }
      page.append('\n');
    }
    return page.append("</table>\n").toString();
  }

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <meta charset="utf-8">
      <title>Instruction coverage</title>
      <style>
      body { font: 14px sans-serif; }
      table { border-collapse: collapse; }
      th, td { border: 1px solid #ccc; padding: 1px 4px; text-align: center; }
      thead { position: sticky; top: 0; background: #fff; }
      tr > th:first-child { position: sticky; left: 0; background: #fff; text-align: left; }
      .corner { writing-mode: vertical-rl; font-weight: normal; }
      .met { background: #cfc; }
      .missing { background: #f99; }
      </style>
      <h1>Instruction coverage</h1>
      <p>✓ a corner that was met, ✗ one that was not; where there is nothing, the instruction has
      no such corner.</p>
      <table>
      <thead><tr><th>instruction<th>cases\
      """;
}
