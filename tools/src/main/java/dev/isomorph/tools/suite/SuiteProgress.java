package dev.isomorph.tools.suite;

import java.io.PrintStream;

/** Says how far a suite is: one line that changes on a terminal, nothing elsewhere. */
final class SuiteProgress {
  private final PrintStream out;
  private final int total;
  private int done;
  private int failed;

  /**
   * @param out a terminal, or null
   */
  SuiteProgress(PrintStream out, int total) {
    this.out = out;
    this.total = total;
  }

  synchronized void ended(TestResult result) {
    done++;
    if (result.outcome() == Outcome.FAIL) {
      failed++;
    }
    if (out != null) {
      String failures = failed == 0 ? "" : "  " + failed + " failed";
      out.print("\r\033[K" + done + "/" + total + " tests" + failures + "  " + result.name());
      out.flush();
    }
  }

  synchronized void clear() {
    if (out != null) {
      out.print("\r\033[K");
      out.flush();
    }
  }
}
