package dev.isomorph.tools;

import dev.isomorph.tools.run.RunCommand;

/** The command line's entry: starts a guest at once, leaves all else to {@link CommandLineTool}. */
public final class Main {
  private Main() {}

  /** Runs one command; the exit status is the command's. */
  public static void main(String[] words) {
    if (words.length > 0 && words[0].equals("run")) {
      // Nothing is left to do at exit, so the virtual machine need not tidy up.
      Runtime.getRuntime().halt(RunCommand.run(words, 1));
    }
    System.exit(CommandLineTool.execute(words));
  }
}
