package dev.isomorph.tools.boot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The value of an option that has parts, as qemu has them: {@code KIND,key=value,...}, where a
 * comma inside a value is written twice. Every key must be asked for, or it is an error.
 */
final class KeyValues {
  private final String option;
  private final String kind;
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  private KeyValues(String option, String kind) {
    this.option = option;
    this.kind = kind;
  }

  /**
   * Takes a value apart.
   *
   * @param option its name, for messages
   * @param hasKind whether the first part may be without a key
   */
  static KeyValues parse(String option, String text, boolean hasKind) {
    List<String> parts = split(text);
    boolean kind = hasKind && !parts.getFirst().contains("=");
    KeyValues result = new KeyValues(option, kind ? parts.getFirst() : "");
    for (String part : parts.subList(kind ? 1 : 0, parts.size())) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException(option + " needs key=value, not '" + part + "'");
      }
      result
          .values
          .computeIfAbsent(part.substring(0, equals), _ -> new ArrayList<>())
          .add(part.substring(equals + 1));
    }
    return result;
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean comma = c == ',';
      if (comma && i + 1 < text.length() && text.charAt(i + 1) == ',') {
        part.append(c);
        i++;
      } else if (comma) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }

  /** What comes before the first key; maybe empty. */
  String kind() {
    return kind;
  }

  /** The value of a key that may be there several times. */
  List<String> all(String key) {
    List<String> found = values.remove(key);
    return found == null ? List.of() : found;
  }

  /** The value of a key, or {@code otherwise}. */
  String get(String key, String otherwise) {
    List<String> found = all(key);
    if (found.size() > 1) {
      throw new IllegalArgumentException(option + " has " + key + " twice");
    }
    return found.isEmpty() ? otherwise : found.getFirst();
  }

  /** The value of a key that must be there. */
  String require(String key) {
    String value = get(key, "");
    if (value.isEmpty()) {
      throw new IllegalArgumentException(option + " needs " + key + "=");
    }
    return value;
  }

  /** The value of a key that is on or off. */
  boolean isOn(String key, boolean otherwise) {
    String value = get(key, otherwise ? "on" : "off");
    return switch (value) {
      case "on" -> true;
      case "off" -> false;
      default ->
          throw new IllegalArgumentException(
              option + " takes " + key + "=on or off, not '" + value + "'");
    };
  }

  /** The value of a key, which is one of these. */
  String oneOf(String key, String... choices) {
    String value = get(key, choices[0]);
    if (!List.of(choices).contains(value)) {
      throw new IllegalArgumentException(
          option + " takes " + key + "=" + String.join("|", choices) + ", not '" + value + "'");
    }
    return value;
  }

  /** Everything has been asked for. */
  void finish() {
    if (!values.isEmpty()) {
      throw new IllegalArgumentException(
          option + " does not know '" + values.keySet().iterator().next() + "'");
    }
  }
}
