package dev.isomorph.tools.run;

import dev.isomorph.processvm.ProcessVm;

/** {@code isomorph run}: hands a guest program to the process VM. */
public final class RunCommand {
  /** One line for the list of commands. */
  public static final String DESCRIPTION = "Runs a riscv64 Linux program.";

  /** The variable of the environment that stands for {@code --translations}. */
  public static final String TRANSLATIONS = "ISOMORPH_TRANSLATIONS";

  /** Its value for those who want to see programs start cold. */
  public static final String NO_TRANSLATIONS = "none";

  /** As other tools have it for a command line they cannot read. */
  private static final int USAGE_ERROR = 2;

  private RunCommand() {}

  /**
   * Runs the command.
   *
   * @param words the whole command line
   * @param start index of the first word after {@code run}
   * @return the exit status
   */
  public static int run(String[] words, int start) {
    RunArguments arguments;
    try {
      arguments = RunArguments.parse(words, start);
    } catch (RunArguments.UsageException e) {
      System.err.println("isomorph run: " + e.getMessage() + " (see isomorph run --help)");
      return USAGE_ERROR;
    }
    if (arguments.help) {
      System.out.print(RunOption.help());
      System.out.flush();
      return 0;
    }
    return ProcessVm.run(arguments.options());
  }
}
