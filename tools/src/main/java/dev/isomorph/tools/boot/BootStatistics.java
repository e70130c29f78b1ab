package dev.isomorph.tools.boot;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.engine.EngineStats;
import dev.isomorph.systemvm.machine.Machine;
import dev.isomorph.systemvm.memory.PhysicalBus;
import dev.isomorph.tools.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a machine ran, for people or machines to read. */
final class BootStatistics {
  private static final int LABEL_WIDTH = 28;
  private static final int NUMBER_WIDTH = 14;

  private BootStatistics() {}

  /** A line for each figure. */
  static String text(Machine machine, long nanoseconds) {
    StringBuilder out = new StringBuilder();
    figures(machine, nanoseconds).forEach((label, value) -> line(out, label, value));
    for (PhysicalBus.Range range : machine.devices()) {
      String name = range.device().name();
      if (range.reads().sum() + range.writes().sum() > 0) {
        line(out, name + " reads", range.reads().sum());
        line(out, name + " writes", range.writes().sum());
      }
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String label, long value) {
    String number = Long.toString(value);
    out.append("isomorph: ").append(label);
    out.repeat(' ', Math.max(1, LABEL_WIDTH - label.length() + NUMBER_WIDTH - number.length()));
    out.append(number).append('\n');
  }

  /** An object with the same names, and the devices by theirs. */
  static String json(Machine machine, long nanoseconds) {
    Map<String, Object> top = new LinkedHashMap<>(figures(machine, nanoseconds));
    Map<String, Object> devices = new LinkedHashMap<>();
    for (PhysicalBus.Range range : machine.devices()) {
      devices.put(
          range.device().name(),
          Map.of("reads", range.reads().sum(), "writes", range.writes().sum()));
    }
    top.put("devices", devices);
    return Json.write(top);
  }

  private static Map<String, Long> figures(Machine machine, long nanoseconds) {
    EngineStats stats = machine.engine().stats();
    CodeCache cache = machine.engine().codeCache();
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("blocks translated", stats.blocks());
    figures.put("blocks put elsewhere", stats.moved());
    figures.put("regions compiled", stats.regions());
    figures.put("regions given up", stats.regionsDropped());
    figures.put("guest instructions", stats.guestInstructions());
    figures.put("guest bytes", stats.guestBytes());
    figures.put("host bytes", stats.hostBytes());
    figures.put("translation, microseconds", stats.nanoseconds() / 1000);
    figures.put("run, microseconds", nanoseconds / 1000);
    figures.put("code cache, bytes used", (long) cache.bytesUsed());
    figures.put("evictions of a segment", cache.evictions());
    figures.put("blocks invalidated", stats.invalidated());
    figures.put("entries from the dispatcher", stats.dispatches());
    figures.put("direct jumps linked", stats.links());
    figures.put("indirect jumps looked up", stats.lookups());
    figures.put("instructions evaluated", stats.evaluated());
    figures.put("pages entered in TLBs", stats.misses());
    figures.put("faults that gave pages aliases", stats.aliases());
    figures.put("exceptions", machine.exceptions());
    figures.put("interrupts", machine.interrupts());
    figures.put("firmware calls", machine.firmwareCalls());
    return figures;
  }
}
