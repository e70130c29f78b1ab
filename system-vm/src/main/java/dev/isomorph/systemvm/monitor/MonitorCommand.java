package dev.isomorph.systemvm.monitor;

import java.io.IOException;

/**
 * A row of the monitor's tables.
 *
 * @param name and after commas other names
 * @param arguments as help shows them, maybe empty
 * @param help what it does
 */
record MonitorCommand(String name, String arguments, String help, Action action) {
  /** What a command does. */
  interface Action {
    /**
     * Does it.
     *
     * @return the answer: lines that end with a line feed each
     * @throws IllegalArgumentException with a line for the user, if that is not how to say it
     * @throws IOException with a line for the user, if it cannot be done
     */
    String run(Arguments arguments) throws IOException;
  }

  /** What a command without arguments does. */
  interface Answer {
    /** As {@link Action#run}. */
    String get() throws IOException;
  }

  /** A command that takes no arguments, and says so if there are some. */
  static MonitorCommand plain(String name, String help, Answer answer) {
    return new MonitorCommand(
        name,
        "",
        help,
        arguments -> {
          arguments.finish();
          return answer.get();
        });
  }

  boolean isCalled(String wanted) {
    for (String each : name.split(",")) {
      if (each.equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  String helpLine() {
    String names = name.replace(",", "|");
    return (arguments.isEmpty() ? names : names + " " + arguments) + " -- " + help + "\n";
  }
}
