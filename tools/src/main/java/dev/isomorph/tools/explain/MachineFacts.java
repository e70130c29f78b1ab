package dev.isomorph.tools.explain;

import dev.isomorph.hostbackend.CpuFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** Where a report was made, and by which Isomorph. */
final class MachineFacts {
  private MachineFacts() {}

  static Map<String, Object> all() {
    Map<String, Object> facts = new LinkedHashMap<>();
    String version = MachineFacts.class.getPackage().getImplementationVersion();
    facts.put("Isomorph", version == null ? "(unpacked)" : version);
    facts.put("processor", processor());
    facts.put("processors for this process", Runtime.getRuntime().availableProcessors());
    facts.put("features used", features());
    facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("Java", System.getProperty("java.vm.version"));
    return facts;
  }

  private static String processor() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      // Some sandboxes have none.
    }
    return "unknown";
  }

  private static String features() {
    StringJoiner names = new StringJoiner(" ");
    CpuFeatures found = CpuFeatures.detect();
    for (CpuFeatures.Feature each : CpuFeatures.Feature.values()) {
      if (found.has(each)) {
        names.add(each.toString().toLowerCase(java.util.Locale.ROOT));
      }
    }
    return names.toString();
  }
}
