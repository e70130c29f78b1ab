package dev.isomorph.systemvm.machine;

import java.util.HexFormat;

/** What comes from the host to a device of a machine at once, and how it is written down. */
sealed interface HostInput {
  /** What was typed, or a frame; in hexadecimal. */
  record Bytes(byte[] bytes) implements HostInput {
    @Override
    public String toString() {
      return HexFormat.of().formatHex(bytes);
    }
  }

  /** A line is at break. */
  record Break() implements HostInput {
    @Override
    public String toString() {
      return "break";
    }
  }

  /** There is somebody at the far end of a network's cable, or not any more. */
  record Link(boolean up) implements HostInput {
    @Override
    public String toString() {
      return up ? "up" : "down";
    }
  }

  /**
   * Reads what was written down.
   *
   * @throws IllegalArgumentException if it is none
   */
  static HostInput parse(String text) {
    return switch (text) {
      case "break" -> new Break();
      case "up" -> new Link(true);
      case "down" -> new Link(false);
      default -> new Bytes(HexFormat.of().parseHex(text));
    };
  }
}
