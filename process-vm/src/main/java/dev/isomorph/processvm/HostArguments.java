package dev.isomorph.processvm;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The host process's arguments and environment as strings of one byte per char, which is what
 * guests get. Java has decoded its arguments by the locale, and what the locale cannot say is lost;
 * the kernel still has the bytes.
 */
final class HostArguments {
  private HostArguments() {}

  /** The environment this process was started with. */
  static List<String> environment() {
    return split(read("/proc/self/environ"));
  }

  /** Returns the bytes of the words that end the command line, which Java gave as text. */
  static List<String> bytesOf(List<String> words) {
    boolean plain = true;
    for (int i = 0; i < words.size(); i++) {
      plain &= isPlain(words.get(i));
    }
    if (plain) {
      return words;
    }
    List<String> all = split(read("/proc/self/cmdline"));
    int start = all.size() - words.size();
    if (start >= 0 && agree(all, start, words)) {
      return all.subList(start, all.size());
    }
    List<String> encoded = new ArrayList<>(words.size());
    for (int i = 0; i < words.size(); i++) {
      encoded.add(bytesOf(words.get(i)));
    }
    return encoded;
  }

  /** Returns the bytes of a text in the locale's encoding. */
  static String bytesOf(String text) {
    return text == null || isPlain(text)
        ? text
        : new String(text.getBytes(localeCharset()), StandardCharsets.ISO_8859_1);
  }

  /** The text for people that a string of one byte per char stands for. */
  static String textOf(String bytes) {
    return isPlain(bytes)
        ? bytes
        : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), localeCharset());
  }

  /** Whether no encoding can have changed it; a question mark may stand for a byte. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80 || text.charAt(i) == '?') {
        return false;
      }
    }
    return true;
  }

  /** Whether words are where they are expected, as far as their text can tell. */
  private static boolean agree(List<String> all, int start, List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String bytes = all.get(start + i);
      if (isPlain(word) && !word.equals(bytes)) {
        return false;
      }
    }
    return true;
  }

  private static Charset localeCharset() {
    String name = System.getProperty("sun.jnu.encoding");
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : Charset.defaultCharset();
  }

  private static String read(String path) {
    try (FileInputStream file = new FileInputStream(path)) {
      return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\0', start);
      if (end < 0) {
        end = text.length();
      }
      parts.add(text.substring(start, end));
      start = end + 1;
    }
    return parts;
  }
}
