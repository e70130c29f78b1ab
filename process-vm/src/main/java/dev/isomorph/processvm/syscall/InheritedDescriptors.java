package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.fs.FdTable;
import dev.isomorph.processvm.fs.HostFiles;

/**
 * The descriptors that the host process was started with, which are the guest's from the start.
 * Those that the JVM has opened since are told from them by FD_CLOEXEC: it sets that on its own,
 * and none that has it could have been inherited. The exception is the JDK's module file, which is
 * known by its path.
 */
final class InheritedDescriptors {
  private InheritedDescriptors() {}

  private static final int F_GETFD = 1;
  private static final int FD_CLOEXEC = 1;
  private static final int STANDARD_ERROR = 2;

  /** Descriptors from here on are not looked for. */
  private static final int END = 256;

  static void adopt(HostKernel kernel, HostFiles files, FdTable fds) {
    for (int descriptor = 0; descriptor < END; descriptor++) {
      long flags = kernel.call(Syscall.FCNTL, descriptor, F_GETFD);
      if (flags >= 0
          && (flags & FD_CLOEXEC) == 0
          && (descriptor <= STANDARD_ERROR || !belongsToJvm(files.pathOf(descriptor)))) {
        fds.set(descriptor, descriptor);
      }
    }
  }

  private static boolean belongsToJvm(String path) {
    String home = System.getProperty("java.home");
    return path != null && home != null && path.startsWith(home);
  }
}
