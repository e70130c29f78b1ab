package dev.isomorph.conformance.fuzz;

import dev.isomorph.decoder.Registers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * How a program ended and what it wrote.
 *
 * @param ending {@link #EXIT}, or what else happened
 */
record Result(String ending, byte[] output) {
  /** The ending of a program that exits with 0. */
  static final String EXIT = "exits";

  /** The ending of a program that has run for too long. */
  static final String ENDLESS = "does not end";

  /** What differs, seen from this, the right one; empty if nothing does. */
  String differences(Result other) {
    StringJoiner text = new StringJoiner("\n");
    if (!ending.equals(other.ending)) {
      text.add(ending + " but " + other.ending);
    }
    if (output.length != other.output.length) {
      text.add(output.length + " bytes of output but " + other.output.length);
      return text.toString();
    }
    ByteBuffer mine = doublewords(output);
    ByteBuffer theirs = doublewords(other.output);
    for (int place = 0; place + Long.BYTES <= output.length; place += Long.BYTES) {
      if (mine.getLong(place) != theirs.getLong(place)) {
        text.add(
            String.format(
                Locale.ROOT,
                "%s = 0x%x but 0x%x",
                place(place),
                mine.getLong(place),
                theirs.getLong(place)));
      }
    }
    return text.toString();
  }

  /** Registers and memory by name, a line each; memory that is zero is left out. */
  String text() {
    StringBuilder text = new StringBuilder(ending).append('\n');
    ByteBuffer values = doublewords(output);
    for (int place = 0; place + Long.BYTES <= output.length; place += Long.BYTES) {
      if (values.getLong(place) != 0) {
        text.append(place(place)).append(" = 0x");
        text.append(Long.toHexString(values.getLong(place))).append('\n');
      }
    }
    return text.toString();
  }

  private static ByteBuffer doublewords(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What the program stores at a place in its data. */
  private static String place(int place) {
    int register = place / Long.BYTES;
    if (place < Places.ofFloat(0)) {
      return "x" + register + "/" + Registers.integerName(register);
    }
    if (place < Places.ofFcsr()) {
      return "f" + register % 32 + "/" + Registers.floatName(register % 32);
    }
    return place == Places.ofFcsr() ? "fcsr" : "0x" + Long.toHexString(Places.DATA + place);
  }
}
