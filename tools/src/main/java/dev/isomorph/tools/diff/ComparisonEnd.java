package dev.isomorph.tools.diff;

/** Ends a comparison before the program ends. */
final class ComparisonEnd extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean diverged;

  /** See {@link #request}. */
  private final int request;

  /**
   * Makes an end.
   *
   * @param diverged whether the executions differ
   * @param report the text for the user
   */
  ComparisonEnd(boolean diverged, String report) {
    this(diverged, 0, report);
  }

  private ComparisonEnd(boolean diverged, int request, String report) {
    super(report, null, false, false);
    this.diverged = diverged;
    this.request = request;
  }

  /** The end that somebody has asked for by a signal. */
  static ComparisonEnd requested(int signal) {
    return new ComparisonEnd(false, signal, "ended by signal " + signal);
  }

  /** The signal by which somebody has asked for the end; 0 if nobody did. */
  int request() {
    return request;
  }

  boolean diverged() {
    return diverged;
  }
}
