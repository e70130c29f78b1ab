package dev.isomorph.hostbackend.lower;

import java.util.ArrayList;
import java.util.List;

/**
 * What each part of a translation's host code is for. Made while code is emitted, for who wants to
 * show it.
 */
public final class CodeMap {
  /** What a part is. */
  public enum Kind {
    /** What runs once when a region is entered. */
    ENTRY("entry"),
    /** A guest instruction. */
    BODY(""),
    /** The question whether somebody wants the guest to stop, at a loop's head. */
    POLL("poll"),
    /** Values go to where the next part of the region has them. */
    MOVES("moves"),
    /** Guest registers go to where they are outside of the region, which is left. */
    WAY_OUT("way out"),
    /** What is seldom needed of a guest instruction. */
    OUT_OF_LINE("out of line"),
    /** A return to Java. */
    STOP("stop"),
    /** A direct jump's way to Java, as long as its target is not translated. */
    LINK_STUB("link stub"),
    /** Data of a link stub. */
    DATA("data");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** For people; empty for what needs no word. */
    public String text() {
      return text;
    }
  }

  /**
   * A part.
   *
   * @param offset where it starts in the code; it ends where the next one starts
   * @param instruction the number of the guest instruction it belongs to
   * @param reason why Java is returned to, for a {@link Kind#STOP}; else null
   */
  public record Part(int offset, int instruction, Kind kind, ExitReason reason) {}

  private final List<Part> parts = new ArrayList<>();

  /** A map without parts, for a {@link BlockCompiler} to fill. */
  public CodeMap() {}

  void clear() {
    parts.clear();
  }

  void add(int offset, int instruction, Kind kind, ExitReason reason) {
    if (!parts.isEmpty() && parts.getLast().offset() == offset) {
      parts.removeLast();
    }
    parts.add(new Part(offset, instruction, kind, reason));
  }

  /** The parts of the code that was compiled last, by ascending offset. */
  public List<Part> parts() {
    return List.copyOf(parts);
  }
}
