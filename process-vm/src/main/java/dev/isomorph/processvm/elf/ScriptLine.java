package dev.isomorph.processvm.elf;

/**
 * The first line of a script, {@code #!interpreter argument}, read as Linux does
 * (fs/binfmt_script.c): the argument is all of the rest and may contain blanks.
 *
 * @param argument null if there is none
 */
record ScriptLine(String interpreter, String argument) implements Executable {
  /** How much of a file Linux looks at. */
  static final int LONGEST = 256;

  static boolean isScript(byte[] start) {
    return start.length >= 2 && start[0] == '#' && start[1] == '!';
  }

  /**
   * Reads the line.
   *
   * @param start the file's first {@link #LONGEST} bytes, or all of it
   * @return null if there is no interpreter, or its path may be cut off
   */
  static ScriptLine parse(byte[] start) {
    byte[] line = java.util.Arrays.copyOf(start, LONGEST);
    int end = 2;
    while (end < line.length && line[end] != '\n') {
      end++;
    }
    boolean cut = end == line.length;
    if (cut) {
      end = line.length - 1;
    }
    int name = skipBlanks(line, 2, end);
    int nameEnd = name;
    while (nameEnd < end && !isBlank(line[nameEnd]) && line[nameEnd] != 0) {
      nameEnd++;
    }
    if (name == nameEnd || cut && nameEnd == end) {
      return null;
    }
    int argument = nameEnd < end && line[nameEnd] != 0 ? skipBlanks(line, nameEnd, end) : end;
    int argumentEnd = argument;
    while (argumentEnd < end && line[argumentEnd] != 0) {
      argumentEnd++;
    }
    while (argumentEnd > argument && isBlank(line[argumentEnd - 1])) {
      argumentEnd--;
    }
    return new ScriptLine(
        Bytes.text(line, name, nameEnd),
        argumentEnd > argument ? Bytes.text(line, argument, argumentEnd) : null);
  }

  private static int skipBlanks(byte[] line, int from, int end) {
    int at = from;
    while (at < end && isBlank(line[at])) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte character) {
    return character == ' ' || character == '\t';
  }
}
