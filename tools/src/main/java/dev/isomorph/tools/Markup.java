package dev.isomorph.tools;

/** Text in XML and HTML. */
public final class Markup {
  private static final char REPLACEMENT = '\ufffd';

  private Markup() {}

  /** The text with what has a meaning escaped, and what XML 1.0 (section 2.2) forbids replaced. */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                  if (isAllowed(c)) {
                    out.appendCodePoint(c);
                  } else {
                    out.append(REPLACEMENT);
                  }
                }
              }
            });
    return out.toString();
  }

  private static boolean isAllowed(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || c >= 0x20 && c <= 0xd7ff
        || c >= 0xe000 && c <= 0xfffd
        || c >= 0x10000;
  }
}
