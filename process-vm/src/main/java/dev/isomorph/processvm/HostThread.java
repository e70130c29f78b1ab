package dev.isomorph.processvm;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.hostbackend.HostMemory;

/** What Linux knows of the calling thread. */
final class HostThread {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int UNSHARE = 272;
  private static final int CLOSE_RANGE = 436;

  private static final int CLONE_FS = 0x200;
  private static final int CLONE_FILES = 0x400;
  private static final int CLOSE_RANGE_UNSHARE = 2;
  private static final long NO_DESCRIPTOR = 0xffff_ffffL;

  private static final int PR_SET_NAME = 15;
  private static final int PR_GET_NAME = 16;
  private static final int NAME_BYTES = 16;

  private HostThread() {}

  static int id() {
    return (int) HostCalls.syscall(HostLinux.GETTID, 0, 0, 0, 0, 0, 0);
  }

  /**
   * Gives the thread descriptors, a current directory and a umask of its own, copies of what it had
   * with others. The threads it makes share them with it.
   *
   * @return whether all of it could be had; some sandboxes allow the descriptors only
   */
  static boolean leaveOthers() {
    if (HostCalls.syscall(UNSHARE, CLONE_FS | CLONE_FILES, 0, 0, 0, 0, 0) == 0) {
      return true;
    }
    HostCalls.check(
        HostCalls.syscall(CLOSE_RANGE, NO_DESCRIPTOR, NO_DESCRIPTOR, CLOSE_RANGE_UNSHARE, 0, 0, 0),
        "making a process its own descriptors");
    return false;
  }

  /** Gives the thread the name of a program, as exec does. */
  static void nameAfter(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    long buffer = HostMemory.allocate(NAME_BYTES);
    HostMemory.putString(buffer, name.substring(0, Math.min(name.length(), NAME_BYTES - 1)));
    HostCalls.syscall(HostLinux.PRCTL, PR_SET_NAME, buffer, 0, 0, 0, 0);
    HostMemory.free(buffer, NAME_BYTES);
  }

  static String name() {
    long buffer = HostMemory.allocate(NAME_BYTES);
    HostCalls.syscall(HostLinux.PRCTL, PR_GET_NAME, buffer, 0, 0, 0, 0);
    String name = HostMemory.getString(buffer, NAME_BYTES).trim();
    HostMemory.free(buffer, NAME_BYTES);
    return name;
  }
}
