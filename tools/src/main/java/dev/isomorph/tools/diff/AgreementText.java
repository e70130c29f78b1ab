package dev.isomorph.tools.diff;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What is said when nothing differs, with all that was taken over rather than compared. */
record AgreementText(String witness, long instructions, double seconds) {
  String of(String why, Map<String, Integer> calls, long bytes, long counters) {
    StringBuilder out = new StringBuilder();
    out.append(instructions).append(" instructions agree with ").append(witness);
    out.append(
        String.format(
            Locale.ROOT,
            " (%.1f s, %.2f million a second); %s%n",
            seconds,
            instructions / 1e6 / Math.max(seconds, 1e-3),
            why));
    if (!calls.isEmpty()) {
      StringJoiner list = new StringJoiner(", ");
      calls.forEach((name, count) -> list.add(name + (count == 1 ? "" : " " + count + " times")));
      out.append("  results of system calls taken over: ").append(list).append('\n');
    }
    if (bytes > 0) {
      out.append("  bytes from outside the program taken over: ").append(bytes).append('\n');
    }
    if (counters > 0) {
      out.append("  readings of counters taken over: ").append(counters).append('\n');
    }
    return out.toString();
  }
}
