package dev.isomorph.tools.diff;

/** Ends a comparison before the program ends. */
final class ComparisonEnd extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean diverged;

  /**
   * Makes an end.
   *
   * @param diverged whether the executions differ
   * @param report the text for the user
   */
  ComparisonEnd(boolean diverged, String report) {
    super(report, null, false, false);
    this.diverged = diverged;
  }

  boolean diverged() {
    return diverged;
  }
}
