package dev.isomorph.tools.root;

/** Order of Debian package versions (Debian Policy, chapter 5.6.12). */
final class DebianVersion {
  private DebianVersion() {}

  /** Negative, zero or positive as {@code a} is earlier than, equal to or later than {@code b}. */
  static int compare(String a, String b) {
    int order = Long.compare(epoch(a), epoch(b));
    if (order != 0) {
      return order;
    }
    a = a.substring(a.indexOf(':') + 1);
    b = b.substring(b.indexOf(':') + 1);
    order = compareParts(upstream(a), upstream(b));
    return order != 0 ? order : compareParts(revision(a), revision(b));
  }

  /** Whether {@code version operator bound} holds; operators as in a Depends field. */
  static boolean satisfies(String version, String operator, String bound) {
    int order = compare(version, bound);
    return switch (operator) {
      case "<<" -> order < 0;
      case "<=", "<" -> order <= 0;
      case "=" -> order == 0;
      case ">=", ">" -> order >= 0;
      case ">>" -> order > 0;
      default -> throw new IllegalArgumentException("unknown version operator " + operator);
    };
  }

  private static long epoch(String version) {
    int colon = version.indexOf(':');
    if (colon < 0) {
      return 0;
    }
    try {
      return Long.parseLong(version.substring(0, colon));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("bad epoch in version " + version, e);
    }
  }

  private static String upstream(String version) {
    int dash = version.lastIndexOf('-');
    return dash < 0 ? version : version.substring(0, dash);
  }

  private static String revision(String version) {
    int dash = version.lastIndexOf('-');
    return dash < 0 ? "" : version.substring(dash + 1);
  }

  /** Compares alternating runs of non-digits (by {@link #weight}) and digits (as numbers). */
  private static int compareParts(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() || j < b.length()) {
      while (nonDigit(a, i) || nonDigit(b, j)) {
        int order = Integer.compare(weight(a, i), weight(b, j));
        if (order != 0) {
          return order;
        }
        i++;
        j++;
      }
      int aStart = skipZeros(a, i);
      int bStart = skipZeros(b, j);
      i = skipDigits(a, aStart);
      j = skipDigits(b, bStart);
      int order = Integer.compare(i - aStart, j - bStart);
      if (order == 0) {
        order = a.substring(aStart, i).compareTo(b.substring(bStart, j));
      }
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static boolean nonDigit(String s, int i) {
    return i < s.length() && !isDigit(s.charAt(i));
  }

  /** A tilde sorts before the end, the end before letters, letters before all else. */
  private static int weight(String s, int i) {
    if (i >= s.length() || isDigit(s.charAt(i))) {
      return 0;
    }
    char c = s.charAt(i);
    if (c == '~') {
      return -1;
    }
    boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    return letter ? c : c + 256;
  }

  private static int skipZeros(String s, int i) {
    while (i < s.length() && s.charAt(i) == '0') {
      i++;
    }
    return i;
  }

  private static int skipDigits(String s, int i) {
    while (i < s.length() && isDigit(s.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
