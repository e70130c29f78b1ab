package dev.isomorph.tools.boot;

import java.util.Locale;

/** Numbers of bytes, and other numbers, as they are written on a command line. */
final class Sizes {
  private static final String UNITS = "KMGT";
  private static final int UNIT_SHIFT = 10;
  private static final int MEBIBYTES = 20;
  private static final int MOST_DIGITS = 15;

  private Sizes() {}

  /** A size as {@code --memory} has it: a number of MiB, or with a unit. */
  static long memory(String text) {
    String digits = text.toUpperCase(Locale.ROOT);
    int shift = MEBIBYTES;
    if (digits.endsWith("B") && digits.length() > 2) {
      digits = digits.substring(0, digits.length() - 1);
    }
    int unit = digits.isEmpty() ? -1 : UNITS.indexOf(digits.charAt(digits.length() - 1));
    if (unit >= 0) {
      shift = UNIT_SHIFT * (unit + 1);
      digits = digits.substring(0, digits.length() - 1);
    }
    if (!isNumber(digits) || Long.parseLong(digits) > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException(
          "--memory takes a size such as 512M or 2G, not '" + text + "'");
    }
    return Long.parseLong(digits) << shift;
  }

  /** A whole number. */
  static int number(String option, String text) {
    if (!isNumber(text) || Long.parseLong(text) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(option + " takes a number, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= MOST_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
