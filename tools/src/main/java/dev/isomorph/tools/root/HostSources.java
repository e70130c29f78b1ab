package dev.isomorph.tools.root;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads which mirror a Debian host takes its own packages from; it is likely a near one. */
final class HostSources {
  private HostSources() {}

  /**
   * The first http address ending in {@code /debian} in apt's configuration, or null.
   *
   * @param apt apt's configuration directory
   */
  static String debianMirror(Path apt) throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(apt.resolve("sources.list"));
    Path parts = apt.resolve("sources.list.d");
    if (Files.isDirectory(parts)) {
      try (var entries = Files.newDirectoryStream(parts, "*.{list,sources}")) {
        entries.forEach(files::add);
      }
    }
    for (Path file : files) {
      if (Files.isReadable(file)) {
        for (String line : Files.readAllLines(file)) {
          String mirror = mirror(line.strip());
          if (mirror != null) {
            return mirror;
          }
        }
      }
    }
    return null;
  }

  private static String mirror(String line) {
    if (line.startsWith("deb ") || line.startsWith("URIs:")) {
      for (String word : line.split("\\s+")) {
        String address = word.endsWith("/") ? word.substring(0, word.length() - 1) : word;
        if (address.startsWith("http") && address.endsWith("/debian")) {
          return address;
        }
      }
    }
    return null;
  }
}
