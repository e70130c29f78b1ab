package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.fs.FdTable;
import dev.isomorph.processvm.fs.HostFiles;
import dev.isomorph.processvm.memory.AddressSpace;
import java.io.File;
import java.io.IOException;

/**
 * The descriptors that the host process was started with, which are the guest's from the start.
 * Those that the JVM has opened since are told from them by FD_CLOEXEC: it sets that on its own,
 * and none that has it could have been inherited. The exceptions are known by their paths: the
 * JDK's own files, the class path, and the socket by which a JVM is attached to.
 */
final class InheritedDescriptors {
  private InheritedDescriptors() {}

  private static final int F_GETFD = 1;
  private static final int FD_CLOEXEC = 1;
  private static final int STANDARD_ERROR = 2;

  private static final int SUN_PATH = 2;
  private static final int SUN_PATH_BYTES = 108;

  /** Descriptors from here on are not looked for. */
  private static final int END = 256;

  static void adopt(HostKernel kernel, HostFiles files, FdTable fds) {
    for (int descriptor = 0; descriptor < END; descriptor++) {
      long flags = kernel.call(Syscall.FCNTL, descriptor, F_GETFD);
      if (flags >= 0
          && (flags & FD_CLOEXEC) == 0
          && !isJvms(descriptor, files)
          && (descriptor <= STANDARD_ERROR || !isAttachSocket(descriptor, kernel))) {
        fds.set(descriptor, descriptor);
      }
    }
  }

  /**
   * Whether the JVM has opened a descriptor. A standard one may well be redirected to one of the
   * JVM's files, which the JVM then has open a second time; where it has not, the standard
   * descriptor was closed and the JVM's got its number.
   */
  private static boolean isJvms(int descriptor, HostFiles files) {
    String path = files.pathOf(descriptor);
    if (!belongsToJvm(path)) {
      return false;
    }
    for (int other = descriptor + 1; descriptor <= STANDARD_ERROR && other < END; other++) {
      if (path.equals(files.pathOf(other))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAttachSocket(int descriptor, HostKernel kernel) {
    int size = SUN_PATH + SUN_PATH_BYTES;
    long address = HostMemory.allocate(AddressSpace.PAGE);
    long length = address + size;
    HostMemory.putInt(length, size);
    boolean isAttach =
        kernel.call(Syscall.GETSOCKNAME, descriptor, address, length, 0) == 0
            && HostMemory.getString(address + SUN_PATH, SUN_PATH_BYTES).contains("/.java_pid");
    HostMemory.free(address, AddressSpace.PAGE);
    return isAttach;
  }

  private static boolean belongsToJvm(String path) {
    String home = System.getProperty("java.home");
    return path != null
        && (home != null && path.startsWith(home)
            || path.endsWith(".jar")
                && isOnClassPath(path, System.getProperty("java.class.path", "")));
  }

  /** Whether a jar is an entry of the class path or, as those that entries name, lies below one. */
  private static boolean isOnClassPath(String path, String classPath) {
    for (int start = 0; start < classPath.length(); ) {
      int colon = classPath.indexOf(':', start);
      int end = colon < 0 ? classPath.length() : colon;
      if (path.startsWith(folderOf(classPath.substring(start, end)))) {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  /** Returns the folder of a file with no symbolic links in it; it ends in a slash. */
  private static String folderOf(String file) {
    try {
      String path = new File(file).getCanonicalPath();
      return path.substring(0, path.lastIndexOf('/') + 1);
    } catch (IOException e) {
      return file;
    }
  }
}
