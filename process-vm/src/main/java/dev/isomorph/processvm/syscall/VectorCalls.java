package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.Errno;

/** Calls with arrays of struct iovec. */
final class VectorCalls implements CallGroup {
  private final Guest guest;

  VectorCalls(Guest guest) {
    this.guest = guest;
  }

  @Override
  public long call(Syscall call, long[] a) {
    if (call == Syscall.PROCESS_VM_READV || call == Syscall.PROCESS_VM_WRITEV) {
      return processMemory(call, a);
    }
    int host = guest.fds.host((int) a[0]);
    if (host < 0) {
      return -Errno.EBADF;
    }
    long vector = IoVectors.translate(guest, a[1], a[2]);
    return guest.kernel.wait(call, host, vector, a[2], a[3], a[4], a[5]);
  }

  /** Another process has the host's addresses, this one the guest's. */
  private long processMemory(Syscall call, long[] a) {
    long local = IoVectors.translate(guest, a[1], a[2]);
    long remote =
        (int) a[0] == guest.pid
            ? IoVectors.translate(guest, a[3], a[4])
            : guest.memory.pass(a[3], a[4]);
    return guest.kernel.call(call, (int) a[0], local, a[2], remote, a[4], a[5]);
  }
}
