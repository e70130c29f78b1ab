package dev.isomorph.engine.report;

/** Fixed-width hexadecimal numbers. */
final class Hex {
  private Hex() {}

  /** Appends {@code 0x} and {@code digits} digits. */
  static void append(StringBuilder out, long value, int digits) {
    out.append("0x");
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      out.append(Character.forDigit((int) (value >>> shift) & 15, 16));
    }
  }
}
