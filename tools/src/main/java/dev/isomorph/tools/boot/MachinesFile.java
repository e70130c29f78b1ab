package dev.isomorph.tools.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A description of several machines: a line {@code [NAME]} begins each, lines {@code option =
 * value} or {@code option} say how it is started, as on the command line without dashes. What comes
 * before the first name holds for all of them. Empty lines and lines after a {@code #} mean
 * nothing.
 */
final class MachinesFile {
  private static final Pattern NAME = Pattern.compile("\\[\\s*([\\w.-]+)\\s*]");
  private static final Pattern OPTION = Pattern.compile("([\\w-]+)\\s*(?:=\\s*(.*))?");

  private MachinesFile() {}

  /**
   * Reads a description.
   *
   * @return the arguments of each machine, by its name
   * @throws IOException with a line for the user, if it cannot be read
   * @throws IllegalArgumentException with a line for the user, if that is no description
   */
  static Map<String, List<String>> read(Path file) throws IOException {
    Map<String, List<String>> machines = new LinkedHashMap<>();
    List<String> common = new ArrayList<>();
    List<String> current = common;
    int number = 0;
    for (String text : Files.readAllLines(file)) {
      String line = text.strip();
      number++;
      Matcher name = NAME.matcher(line);
      Matcher option = OPTION.matcher(line);
      if (name.matches()) {
        current = new ArrayList<>(common);
        if (machines.put(name.group(1), current) != null) {
          throw wrong(file, number, "a second machine " + name.group(1));
        }
      } else if (option.matches()) {
        String dashes = option.group(1).length() == 1 ? "-" : "--";
        current.add(dashes + option.group(1));
        if (option.group(2) != null) {
          current.add(option.group(2));
        }
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        throw wrong(file, number, "neither [NAME] nor option = value: " + line);
      }
    }
    if (machines.isEmpty()) {
      throw new IllegalArgumentException(file + " describes no machine: it has no line [NAME]");
    }
    return machines;
  }

  private static IllegalArgumentException wrong(Path file, int line, String what) {
    return new IllegalArgumentException(file + ":" + line + ": " + what);
  }
}
