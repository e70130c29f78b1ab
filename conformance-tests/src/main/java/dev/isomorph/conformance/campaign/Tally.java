package dev.isomorph.conformance.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of the cases of one kind. Safe to use from any thread. */
final class Tally {
  /** A difference and where it is kept. */
  record Difference(long seed, String title, Path folder) {}

  private final Kind kind;
  private final Map<String, Integer> discarded = new TreeMap<>();
  private final List<Difference> differences = new ArrayList<>();
  private long begun;
  private long agreed;
  private long agreedUnderQemu;
  private long nanos;

  Tally(Kind kind) {
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** Takes the number of the next case; negative if there have been {@code limit}. */
  synchronized long begin(long limit) {
    return begun < limit ? begun++ : -1;
  }

  /**
   * Counts a case all agree on.
   *
   * @param underQemu whether qemu was asked, too
   */
  synchronized void agreed(boolean underQemu) {
    agreed++;
    if (underQemu) {
      agreedUnderQemu++;
    }
  }

  synchronized void discarded(String reason) {
    discarded.merge(reason, 1, Integer::sum);
  }

  synchronized void differs(Difference difference) {
    differences.add(difference);
  }

  synchronized void took(long moreNanos) {
    nanos += moreNanos;
  }

  /** The time that all cases took together. */
  synchronized long nanos() {
    return nanos;
  }

  synchronized List<Difference> differences() {
    return List.copyOf(differences);
  }

  /** A line for people. */
  synchronized String summary() {
    StringBuilder text = new StringBuilder();
    text.append(kind.word()).append(": ").append(agreed).append(" agree");
    if (kind.comparesWithQemu()) {
      text.append(" (of these under qemu: ").append(agreedUnderQemu).append(')');
    }
    discarded.forEach(
        (reason, count) -> text.append(", ").append(count).append(' ').append(reason));
    return text.append(", ").append(differences.size()).append(" DIFFER").toString();
  }

  /** What machines are told. */
  synchronized Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("agreed", agreed);
    if (kind.comparesWithQemu()) {
      json.put("agreedUnderQemu", agreedUnderQemu);
    }
    json.put("discarded", new LinkedHashMap<>(discarded));
    json.put("seconds", nanos / 1e9);
    List<Object> list = new ArrayList<>();
    for (Difference each : differences) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("case", Seeds.text(each.seed));
      entry.put("title", each.title);
      entry.put("folder", each.folder.toString());
      list.add(entry);
    }
    json.put("differences", list);
    return json;
  }
}
