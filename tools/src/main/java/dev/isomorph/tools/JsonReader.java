package dev.isomorph.tools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON text (RFC 8259) into maps, lists, strings, doubles, booleans and null. Of two members
 * of the same name the later one counts.
 */
public final class JsonReader {
  private static final int DEEPEST = 200;

  private final String text;
  private int at;
  private int depth;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * The value that a text stands for.
   *
   * @throws IOException if it is not JSON; the message says where
   */
  public static Object read(String text) throws IOException {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value();
    if (reader.next() >= 0) {
      throw reader.unexpected();
    }
    return value;
  }

  private Object value() throws IOException {
    int c = next();
    if (++depth > DEEPEST) {
      throw unexpected();
    }
    Object value =
        switch (c) {
          case '{' -> object();
          case '[' -> array();
          case '"' -> string();
          case 't' -> word("true", true);
          case 'f' -> word("false", false);
          case 'n' -> word("null", null);
          default -> number();
        };
    depth--;
    return value;
  }

  private Map<String, Object> object() throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    if (next() == '}') {
      at++;
      return members;
    }
    do {
      if (next() != '"') {
        throw unexpected();
      }
      String name = string();
      take(':');
      members.put(name, value());
    } while (goesOn('}'));
    return members;
  }

  private List<Object> array() throws IOException {
    List<Object> elements = new ArrayList<>();
    at++;
    if (next() == ']') {
      at++;
      return elements;
    }
    do {
      elements.add(value());
    } while (goesOn(']'));
    return elements;
  }

  /** Takes a comma, or the end. */
  private boolean goesOn(char end) throws IOException {
    if (next() == end) {
      at++;
      return false;
    }
    take(',');
    return true;
  }

  private String string() throws IOException {
    StringBuilder out = new StringBuilder();
    at++;
    while (true) {
      char c = character();
      if (c == '"') {
        return out.toString();
      }
      if (c < ' ') {
        at--;
        throw unexpected();
      }
      out.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() throws IOException {
    char c = character();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int value = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(character(), 16);
          if (digit < 0) {
            at--;
            throw unexpected();
          }
          value = value << 4 | digit;
        }
        yield (char) value;
      }
      default -> {
        at--;
        throw unexpected();
      }
    };
  }

  private char character() throws IOException {
    if (at == text.length()) {
      throw unexpected();
    }
    return text.charAt(at++);
  }

  private Object word(String word, Object value) throws IOException {
    if (!text.startsWith(word, at)) {
      throw unexpected();
    }
    at += word.length();
    return value;
  }

  private Double number() throws IOException {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(start, at);
    if (!number.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
      at = start;
      throw unexpected();
    }
    return Double.valueOf(number);
  }

  private void take(char wanted) throws IOException {
    if (next() != wanted) {
      throw unexpected();
    }
    at++;
  }

  /** The next character that is no space, which is not taken; -1 at the end. */
  private int next() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : -1;
  }

  private IOException unexpected() {
    int line = 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    return new IOException(
        "line "
            + line
            + ": "
            + (at < text.length() ? "unexpected '" + text.charAt(at) + "'" : "unexpected end"));
  }
}
