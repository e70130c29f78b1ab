package dev.isomorph.systemvm.boot;

import java.util.List;
import java.util.Map;

/**
 * Code for a machine without an operating system, which may itself be one.
 *
 * @param entry where it starts
 * @param movable whether it runs at any address; then it begins at 0 here
 * @param symbols addresses of those it is asked for
 */
record Program(List<Segment> segments, long entry, boolean movable, Map<String, Long> symbols) {
  /** The first address. */
  long start() {
    long start = segments.getFirst().address();
    for (Segment each : segments) {
      start = Long.compareUnsigned(each.address(), start) < 0 ? each.address() : start;
    }
    return start;
  }

  /** The address after the last. */
  long end() {
    long end = segments.getFirst().end();
    for (Segment each : segments) {
      end = Long.compareUnsigned(each.end(), end) > 0 ? each.end() : end;
    }
    return end;
  }

  /** The program where it runs: at {@code base} if it is movable. */
  Program at(long base) {
    return movable
        ? new Program(
            segments.stream().map(each -> each.moved(base)).toList(), entry + base, false, symbols)
        : this;
  }
}
