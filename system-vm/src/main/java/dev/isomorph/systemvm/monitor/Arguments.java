package dev.isomorph.systemvm.monitor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The words of a line that are not read yet. */
final class Arguments {
  private final Deque<String> words;

  Arguments(String line) {
    String text = line.strip();
    words = new ArrayDeque<>(text.isEmpty() ? List.of() : List.of(text.split("\\s+")));
  }

  /** The next word, or {@code otherwise}. */
  String next(String otherwise) {
    return words.isEmpty() ? otherwise : words.remove();
  }

  /** The next word, if it begins so. */
  String nextIf(String beginning, String otherwise) {
    return !words.isEmpty() && words.peek().startsWith(beginning) ? words.remove() : otherwise;
  }

  /** The next word, which must be there. */
  String require(String what) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("this needs " + what);
    }
    return words.remove();
  }

  /** All words that are left. */
  String rest() {
    String rest = String.join(" ", words);
    words.clear();
    return rest;
  }

  /** There must be no more. */
  void finish() {
    if (!words.isEmpty()) {
      throw new IllegalArgumentException("what is '" + words.peek() + "'?");
    }
  }
}
