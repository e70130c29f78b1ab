package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.fs.FdTable;

/**
 * What a process gives up of the host's when it ends, or when it runs another program: descriptors
 * and timers.
 */
final class ProcessLeave {
  private static final int F_GETFD = 1;
  private static final int FD_CLOEXEC = 1;

  private ProcessLeave() {}

  static void atEnd(Guest guest) {
    close(guest, true);
    guest.fds.release();
    deleteTimers(guest, true);
    guest.process.returnLoan();
  }

  static void atExecution(Guest guest) {
    close(guest, false);
    deleteTimers(guest, false);
  }

  private static void close(Guest guest, boolean all) {
    FdTable fds = guest.fds;
    HostDescriptors host = new HostDescriptors(guest.kernel, guest.scratch);
    for (int descriptor = fds.next(0); descriptor >= 0; descriptor = fds.next(descriptor + 1)) {
      long flags = guest.kernel.call(Syscall.FCNTL, fds.host(descriptor), F_GETFD);
      if (all || flags >= 0 && (flags & FD_CLOEXEC) != 0) {
        host.close(fds.remove(descriptor));
      }
    }
  }

  private static void deleteTimers(Guest guest, boolean intervals) {
    Family family = guest.process.family;
    for (int timer : family.timers().removeAll(family.self(), intervals)) {
      guest.kernel.call(Syscall.TIMER_DELETE, timer);
    }
  }
}
