package dev.isomorph.tools.root;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A mirror's Packages file. It is some fifty megabytes of text of which a request needs little, so
 * only names and provided names are indexed and paragraphs are read when asked for.
 */
final class PackageIndex {
  private record Extent(int start, int end) {}

  private final byte[] text;
  private final Map<String, List<Extent>> byName = new HashMap<>();
  private final Map<String, List<String>> byProvided = new HashMap<>();
  private final List<String> essential = new ArrayList<>();
  private final Map<String, DebianPackage> parsed = new HashMap<>();

  PackageIndex(byte[] text) {
    this.text = text;
    int start = 0;
    while (start < text.length) {
      start = indexParagraph(start);
    }
  }

  /** The newest version of the named package, or null. */
  DebianPackage find(String name) {
    DebianPackage known = parsed.get(name);
    if (known == null) {
      for (Extent extent : byName.getOrDefault(name, List.of())) {
        DebianPackage candidate =
            DebianPackage.parse(
                new String(text, extent.start, extent.end - extent.start, StandardCharsets.UTF_8));
        if (known == null || DebianVersion.compare(candidate.version(), known.version()) > 0) {
          known = candidate;
        }
      }
      parsed.put(name, known);
    }
    return known;
  }

  /** Names of the packages that provide the named virtual package, in the index's order. */
  List<String> providers(String name) {
    return byProvided.getOrDefault(name, List.of());
  }

  /** Names of the packages every other one may rely on without saying so. */
  List<String> essential() {
    return essential;
  }

  int size() {
    return byName.size();
  }

  /** Indexes the paragraph at {@code start}; returns where the next one starts. */
  private int indexParagraph(int start) {
    String name = "";
    String provides = "";
    boolean isEssential = false;
    int line = start;
    while (line < text.length && text[line] != '\n') {
      int end = endOfLine(line);
      if (startsWith(line, "Package:")) {
        name = value(line + "Package:".length(), end);
      } else if (startsWith(line, "Provides:")) {
        provides = value(line + "Provides:".length(), end);
      } else if (startsWith(line, "Essential: yes")) {
        isEssential = true;
      }
      line = end + 1;
    }
    if (!name.isEmpty()) {
      byName
          .computeIfAbsent(name, _ -> new ArrayList<>(1))
          .add(new Extent(start, Math.min(line, text.length)));
      for (Relation provided : Relation.parseList(provides)) {
        byProvided.computeIfAbsent(provided.name(), _ -> new ArrayList<>(1)).add(name);
      }
      if (isEssential) {
        essential.add(name);
      }
    }
    return line + 1;
  }

  private int endOfLine(int from) {
    int end = from;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    return end;
  }

  private boolean startsWith(int at, String prefix) {
    if (at + prefix.length() > text.length) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (text[at + i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String value(int from, int to) {
    return new String(text, from, to - from, StandardCharsets.UTF_8).strip();
  }
}
