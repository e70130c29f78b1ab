package dev.isomorph.conformance.campaign;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A difference and everything that is needed to see it again. */
final class Finding {
  /** The contents of a file. */
  private record Content(byte[] bytes, boolean executable) {}

  private final String title;
  private final StringBuilder notes = new StringBuilder();
  private final Map<String, Content> files = new LinkedHashMap<>();

  /**
   * A finding.
   *
   * @param title what differs from what, in one line
   */
  Finding(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Adds a paragraph, with a line break at its end, to what is told of the finding. */
  Finding note(String paragraph) {
    notes.append('\n').append(paragraph);
    return this;
  }

  /** Adds a text file, of one byte per char. */
  Finding file(String name, String text) {
    files.put(name, new Content(text.getBytes(StandardCharsets.ISO_8859_1), false));
    return this;
  }

  /** Adds an executable file. */
  Finding program(String name, byte[] bytes) {
    files.put(name, new Content(bytes, true));
    return this;
  }

  String notes() {
    return notes.toString();
  }

  Set<String> files() {
    return files.keySet();
  }

  byte[] bytes(String file) {
    return files.get(file).bytes;
  }

  boolean executable(String file) {
    return files.get(file).executable;
  }
}
