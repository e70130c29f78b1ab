package dev.isomorph.systemvm.gdb;

import java.io.ByteArrayOutputStream;

/**
 * Takes apart what a debugger sends ("Remote Protocol", "Overview" in GDB's manual): packets <code>
 * $content#checksum</code>, acknowledgements, and Ctrl-C between them. Whatever else comes between
 * packets means nothing.
 */
final class PacketParser {
  private static final byte CTRL_C = 3;
  private static final byte ESCAPE = '}';
  private static final int ESCAPED = 0x20;

  private enum Place {
    OUTSIDE,
    CONTENT,
    ESCAPED,
    FIRST_DIGIT,
    SECOND_DIGIT
  }

  private final int longest;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private Place place = Place.OUTSIDE;
  private boolean damaged;
  private int sum;
  private int expected;

  /**
   * @param longest bytes of content that a packet may have
   */
  PacketParser(int longest) {
    this.longest = longest;
  }

  /** Takes a byte; returns what is complete with it, or null. */
  Event accept(byte b) {
    switch (place) {
      case OUTSIDE -> {
        return outside(b);
      }
      case CONTENT, ESCAPED -> content(b);
      case FIRST_DIGIT -> {
        expected = digit(b) << 4;
        place = Place.SECOND_DIGIT;
      }
      case SECOND_DIGIT -> {
        expected |= digit(b);
        place = Place.OUTSIDE;
        boolean good = !damaged && expected == (sum & 0xff);
        return good ? new Event.Packet(content.toByteArray()) : new Event.Damaged();
      }
    }
    return null;
  }

  private Event outside(byte b) {
    return switch (b) {
      case '$' -> {
        begin();
        yield null;
      }
      case '+' -> new Event.Acknowledged();
      case '-' -> new Event.Rejected();
      case CTRL_C -> new Event.Interrupt();
      default -> null;
    };
  }

  private void begin() {
    content.reset();
    sum = 0;
    damaged = false;
    place = Place.CONTENT;
  }

  private void content(byte b) {
    if (b == '$') {
      begin(); // The other one was cut off.
      return;
    }
    if (b == '#') {
      damaged |= place == Place.ESCAPED;
      place = Place.FIRST_DIGIT;
      return;
    }
    sum += b;
    if (place == Place.CONTENT && b == ESCAPE) {
      place = Place.ESCAPED;
      return;
    }
    if (content.size() < longest) {
      content.write(place == Place.ESCAPED ? b ^ ESCAPED : b);
    } else {
      damaged = true;
    }
    place = Place.CONTENT;
  }

  private int digit(byte b) {
    int digit = Character.digit(b, 16);
    damaged |= digit < 0;
    return Math.max(0, digit);
  }
}
