package dev.isomorph.systemvm.boot;

import java.util.ArrayList;
import java.util.List;

/** What lies where in memory at the start: nothing outside, nothing twice. */
final class MemoryPlan {
  private static final long MEBIBYTE = 1 << 20;

  private record Area(String name, long start, long end) {}

  private final long start;
  private final long end;
  private final List<Area> areas = new ArrayList<>();

  /** Memory is [start, start + size). */
  MemoryPlan(long start, long size) {
    this.start = start;
    this.end = start + size;
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  long size() {
    return end - start;
  }

  /** Bytes that nothing has taken. */
  long left() {
    return size() - areas.stream().mapToLong(each -> each.end - each.start).sum();
  }

  /**
   * Takes [from, to) for something.
   *
   * @param name of that, with its article
   */
  void take(String name, long from, long to) throws BootException {
    if (Long.compareUnsigned(from, start) < 0) {
      throw new BootException(
          name + " belongs at 0x" + Long.toHexString(from) + ", where there is no memory");
    }
    if (Long.compareUnsigned(to, end) > 0 || Long.compareUnsigned(to, from) < 0) {
      throw tooSmall(name, from, to);
    }
    for (Area each : areas) {
      if (from < each.end && each.start < to) {
        throw new BootException(
            name
                + " at 0x"
                + Long.toHexString(from)
                + " does not fit beside "
                + each.name
                + " at 0x"
                + Long.toHexString(each.start)
                + ": more memory may help, or other files");
      }
    }
    areas.add(new Area(name, from, to));
  }

  private BootException tooSmall(String name, long from, long to) {
    String needed =
        Long.compareUnsigned(to, from) < 0
            ? ""
            : "; " + Long.divideUnsigned(to - start + MEBIBYTE - 1, MEBIBYTE) + " are needed";
    return new BootException(
        "too little memory: "
            + name
            + " begins at 0x"
            + Long.toHexString(from)
            + ", and there are only "
            + size() / MEBIBYTE
            + " MiB"
            + needed);
  }
}
