package dev.isomorph.tools.bench;

import dev.isomorph.tools.Terminal;

/** One line on a terminal that tells what is being run. */
final class BenchProgress {
  private static final String CLEAR_LINE = "\r\033[K";

  private final boolean shown = Terminal.isStandardError();
  private final int jobs;
  private int job;

  BenchProgress(int jobs) {
    this.jobs = jobs;
  }

  /** The next program's turn has come. */
  void next() {
    job++;
  }

  void show(String program, String what, int run, int runs) {
    if (shown) {
      System.err.print(
          CLEAR_LINE
              + "["
              + job
              + "/"
              + jobs
              + "] "
              + program
              + ": "
              + what
              + (runs > 1 ? ", run " + run + " of " + runs : ""));
    }
  }

  /** Makes room for other output. */
  void clear() {
    if (shown) {
      System.err.print(CLEAR_LINE);
    }
  }
}
