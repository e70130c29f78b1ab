package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.processvm.Errno;

/**
 * Descriptors sent along with messages (SCM_RIGHTS, unix(7)): the only control data in which guest
 * and host differ.
 */
final class ControlMessages {
  private ControlMessages() {}

  // struct cmsghdr: cmsg_len, cmsg_level, cmsg_type
  private static final int LEVEL = 8;
  private static final int TYPE = 12;
  private static final int HEADER = 16;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int SCM_PIDFD = 4;

  /** Puts the host's descriptors in place of the guest's. */
  static void toHost(Guest guest, long control, long length) {
    long at = control;
    while (at + HEADER <= control + length) {
      long size = HostMemory.getLong(at);
      if (size < HEADER || size > control + length - at) {
        return; // The kernel will say EINVAL.
      }
      if (isSocketMessage(at, SCM_RIGHTS)) {
        for (long fd = at + HEADER; fd + 4 <= at + size; fd += 4) {
          int host = guest.fds.host(HostMemory.getInt(fd));
          if (host < 0) {
            throw new CallFailure(Errno.EBADF);
          }
          HostMemory.putInt(fd, host);
        }
      }
      at += size + 7 & -8L;
    }
  }

  /**
   * Gives the guest the descriptors that have arrived. Those it has no number left for are closed,
   * as the kernel does.
   *
   * @return whether some had to be closed
   */
  static boolean toGuest(Guest guest, long control, long length) {
    boolean truncated = false;
    long at = control;
    while (at + HEADER <= control + length) {
      long size = HostMemory.getLong(at);
      if (size < HEADER || size > control + length - at) {
        break;
      }
      if (isSocketMessage(at, SCM_RIGHTS) || isSocketMessage(at, SCM_PIDFD)) {
        for (long fd = at + HEADER; fd + 4 <= at + size; fd += 4) {
          int host = HostMemory.getInt(fd);
          int descriptor = host < 0 ? host : guest.fds.add(host);
          if (host >= 0 && descriptor < 0) {
            guest.kernel.call(Syscall.CLOSE, host);
            truncated = true;
          }
          HostMemory.putInt(fd, descriptor);
        }
      }
      at += size + 7 & -8L;
    }
    return truncated;
  }

  private static boolean isSocketMessage(long header, int type) {
    return HostMemory.getInt(header + LEVEL) == SOL_SOCKET
        && HostMemory.getInt(header + TYPE) == type;
  }
}
