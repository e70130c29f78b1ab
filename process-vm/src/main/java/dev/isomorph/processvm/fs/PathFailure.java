package dev.isomorph.processvm.fs;

/** A path cannot be resolved. Carries no stack trace: it is an answer, not a mishap. */
public final class PathFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final int errno;

  PathFailure(int errno) {
    super(null, null, false, false);
    this.errno = errno;
  }

  /** The error number, positive. */
  public int errno() {
    return errno;
  }
}
