package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.fs.FdTable;

/**
 * The descriptors that the host process was started with, which are the guest's from the start.
 * Those that the JVM has opened since are told from them by FD_CLOEXEC: it sets that on each of its
 * own, and none that has it could have been inherited.
 */
final class InheritedDescriptors {
  private InheritedDescriptors() {}

  private static final int F_GETFD = 1;
  private static final int FD_CLOEXEC = 1;

  /** Descriptors from here on are not looked for. */
  private static final int END = 256;

  static void adopt(HostKernel kernel, FdTable fds) {
    for (int descriptor = 0; descriptor < END; descriptor++) {
      long flags = kernel.call(Syscall.FCNTL, descriptor, F_GETFD);
      if (flags >= 0 && (flags & FD_CLOEXEC) == 0) {
        fds.set(descriptor, descriptor);
      }
    }
  }
}
