package dev.isomorph.processvm.syscall;

/** Closes descriptors of the host. */
final class HostDescriptors {
  /** Descriptors below this are the JVM's standard streams. */
  static final int FIRST_OTHER = 3;

  private final HostKernel kernel;
  private final Scratch scratch;

  HostDescriptors(HostKernel kernel, Scratch scratch) {
    this.kernel = kernel;
    this.scratch = scratch;
  }

  /**
   * Closes a descriptor. The numbers of the standard streams stay taken: what the JVM prints there
   * must not end up in some file of the guest.
   */
  long close(int descriptor) {
    if (descriptor >= FIRST_OTHER) {
      return kernel.call(Syscall.CLOSE, descriptor);
    }
    long path = scratch.string("/dev/null");
    int flags = FileCalls.O_RDWR | FileCalls.O_CLOEXEC;
    long empty = kernel.call(Syscall.OPENAT, PathArguments.AT_FDCWD, path, flags, 0);
    if (HostKernel.failed(empty)) {
      return kernel.call(Syscall.CLOSE, descriptor);
    }
    kernel.call(Syscall.DUP3, empty, descriptor, FileCalls.O_CLOEXEC, 0);
    kernel.call(Syscall.CLOSE, empty);
    return 0;
  }
}
