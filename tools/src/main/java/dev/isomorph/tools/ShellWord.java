package dev.isomorph.tools;

/** Words of commands that people are to give to a shell. */
public final class ShellWord {
  private ShellWord() {}

  /** A word as a shell reads it: in quotes where it needs them. */
  public static String of(String word) {
    return word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
