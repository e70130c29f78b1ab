package dev.isomorph.systemvm.gdb;

import dev.isomorph.systemvm.hart.Watchpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The breakpoints and watchpoints of a debugger ({@code Z} and {@code z} in GDB's manual). */
final class StopPoints {
  private static final int LONGEST = 1 << 20;

  /** What can be asked for, by the number of the packet. */
  private enum Kind {
    SOFTWARE("swbreak", false, false),
    HARDWARE("hwbreak", false, false),
    WRITE(null, false, true),
    READ(null, true, false),
    ACCESS(null, true, true);

    /** How a halt at such a breakpoint is told; null for a watchpoint. */
    final String reason;

    final boolean loads;
    final boolean stores;

    Kind(String reason, boolean loads, boolean stores) {
      this.reason = reason;
      this.loads = loads;
      this.stores = stores;
    }
  }

  private record Point(Kind kind, long address, int length) {}

  private final DebugTarget target;
  private final Set<Point> points = new LinkedHashSet<>();

  StopPoints(DebugTarget target) {
    this.target = target;
  }

  /** Adds or takes away what the rest of a packet says; false if there is no such kind. */
  boolean change(Fields fields, boolean add) throws BadPacket {
    int number = fields.count(Integer.MAX_VALUE);
    if (number >= Kind.values().length) {
      return false;
    }
    Kind kind = Kind.values()[number];
    fields.expect(',');
    long address = fields.number();
    fields.expect(',');
    Point point = new Point(kind, address, fields.count(LONGEST));
    if (kind.reason == null && point.length == 0) {
      throw new BadPacket();
    }
    if (add) {
      points.add(point);
    } else {
      points.remove(point);
    }
    apply(kind.reason != null);
    return true;
  }

  /** Takes all away. */
  void clear() {
    points.clear();
    apply(true);
    apply(false);
  }

  private void apply(boolean breakpoints) {
    if (breakpoints) {
      Set<Long> addresses = new HashSet<>();
      points.stream()
          .filter(each -> each.kind.reason != null)
          .forEach(each -> addresses.add(each.address));
      target.breakAt(addresses);
      return;
    }
    List<Watchpoint> data = new ArrayList<>();
    for (Point each : points) {
      if (each.kind.reason == null) {
        data.add(new Watchpoint(each.address, each.length, each.kind.loads, each.kind.stores));
      }
    }
    target.watch(data);
  }

  /** What a breakpoint at an address is called, null if there is none. */
  String reasonAt(long address) {
    for (Point each : points) {
      if (each.address == address && each.kind.reason != null) {
        return each.kind.reason;
      }
    }
    return null;
  }
}
