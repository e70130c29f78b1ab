package dev.isomorph.tools.suite;

/**
 * How a test ended under one witness.
 *
 * @param seconds how long it took, by the clock on the wall
 * @param reason why it failed or was skipped, one line; empty for a pass
 * @param command what a user types to see a failure again; else empty
 * @param errors the end of what a failing test wrote on standard error; else empty
 */
record Verdict(Outcome outcome, double seconds, String reason, String command, String errors) {
  static Verdict pass(double seconds) {
    return new Verdict(Outcome.PASS, seconds, "", "", "");
  }

  static Verdict skip(String reason) {
    return new Verdict(Outcome.SKIP, 0, reason, "", "");
  }

  static Verdict fail(String reason) {
    return new Verdict(Outcome.FAIL, 0, reason, "", "");
  }
}
