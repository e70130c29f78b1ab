package dev.isomorph.processvm.start;

import dev.isomorph.hostbackend.HostCalls;

/** Real and effective user and group of a process. */
public record Credentials(int user, int effectiveUser, int group, int effectiveGroup) {
  // x86-64 system call numbers (asm/unistd_64.h).
  private static final int GETUID = 102;
  private static final int GETGID = 104;
  private static final int GETEUID = 107;
  private static final int GETEGID = 108;

  /** Those of the host process, which are the guest's too. */
  public static Credentials ofHost() {
    return new Credentials(ask(GETUID), ask(GETEUID), ask(GETGID), ask(GETEGID));
  }

  private static int ask(int call) {
    return (int) HostCalls.syscall(call, 0, 0, 0, 0, 0, 0);
  }
}
