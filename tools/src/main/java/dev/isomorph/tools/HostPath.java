package dev.isomorph.tools;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of this machine, as the variable PATH leads to them. */
public final class HostPath {
  private HostPath() {}

  /** The first program that has one of the names, earlier names before later; null if none has. */
  public static Path first(List<String> names) {
    for (String name : names) {
      List<Path> found = all(name);
      if (!found.isEmpty()) {
        return found.getFirst();
      }
    }
    return null;
  }

  /** All programs of a name, in the order of PATH. */
  public static List<Path> all(String name) {
    List<Path> found = new ArrayList<>();
    String path = System.getenv("PATH");
    for (String each : path == null ? new String[0] : path.split(":")) {
      if (!each.isEmpty() && Files.isExecutable(Path.of(each, name))) {
        found.add(Path.of(each, name));
      }
    }
    return found;
  }
}
