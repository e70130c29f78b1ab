package dev.isomorph.tools;

import java.util.List;
import java.util.Map;

/** Writes JSON text (RFC 8259) from maps, lists, strings, numbers, booleans and null. */
public final class Json {
  private Json() {}

  /** The value as text on several lines, with a newline at its end. */
  public static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value, "");
    return out.append('\n').toString();
  }

  private static void write(StringBuilder out, Object value, String indent) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(separator).append('\n').append(indent).append("  ");
          string(out, entry.getKey().toString());
          out.append(": ");
          write(out, entry.getValue(), indent + "  ");
          separator = ",";
        }
        out.append(map.isEmpty() ? "{}" : "\n" + indent + "}");
      }
      case List<?> list -> {
        String separator = "[";
        for (Object element : list) {
          out.append(separator).append('\n').append(indent).append("  ");
          write(out, element, indent + "  ");
          separator = ",";
        }
        out.append(list.isEmpty() ? "[]" : "\n" + indent + "]");
      }
      case Double number when number.isNaN() || number.isInfinite() -> out.append("null");
      case Number number -> out.append(number);
      case Boolean truth -> out.append(truth.booleanValue());
      default -> string(out, value.toString());
    }
  }

  private static void string(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(Character.forDigit(c >> 4, 16));
            out.append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
