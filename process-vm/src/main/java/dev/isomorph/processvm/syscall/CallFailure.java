package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.Errno;

/** Ends a system call with an error. Carries no stack trace: it is an answer, not a mishap. */
final class CallFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final CallFailure FAULT = new CallFailure(Errno.EFAULT);

  final int errno;

  CallFailure(int errno) {
    super(null, null, false, false);
    this.errno = errno;
  }

  /** The failure of a guest pointer that does not lead where it should. */
  static CallFailure fault() {
    return FAULT;
  }
}
