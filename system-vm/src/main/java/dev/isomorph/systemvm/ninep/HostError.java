package dev.isomorph.systemvm.ninep;

/** The host refuses; or this does in its name. */
final class HostError extends Exception {
  private static final long serialVersionUID = 1;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ENXIO = 6;
  static final int EBADF = 9;
  static final int EEXIST = 17;
  static final int ENOTDIR = 20;
  static final int EINVAL = 22;
  static final int EMFILE = 24;
  static final int EROFS = 30;
  static final int ENAMETOOLONG = 36;
  static final int EOPNOTSUPP = 95;

  private final int errno;

  HostError(int errno) {
    super("errno " + errno, null, false, false);
    this.errno = errno;
  }

  /** Linux's number of what is wrong, the same on all its architectures that matter here. */
  int errno() {
    return errno;
  }
}
