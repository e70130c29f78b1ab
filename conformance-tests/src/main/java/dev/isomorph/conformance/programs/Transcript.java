package dev.isomorph.conformance.programs;

import dev.isomorph.tools.ChildProcess;

/** What can be seen of a program's run, as text. */
public final class Transcript {
  private Transcript() {}

  /** The output with the status in a line of its own, as in the expected files. */
  public static String of(ChildProcess.Outcome outcome) {
    String end = outcome.endedItself() ? "status " + outcome.status() : outcome.unfinished();
    return outcome.text() + end + "\n";
  }
}
