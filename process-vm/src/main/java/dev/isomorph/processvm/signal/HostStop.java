package dev.isomorph.processvm.signal;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;

/** Stopping as a process does on SIGSTOP: the whole host process, until someone continues it. */
final class HostStop {
  private HostStop() {}

  static void stop() {
    long self = HostCalls.syscall(HostLinux.GETPID, 0, 0, 0, 0, 0, 0);
    HostCalls.syscall(HostLinux.KILL, self, Signal.SIGSTOP, 0, 0, 0, 0);
  }
}
