package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.Errno;
import dev.isomorph.processvm.signal.Signal;

/** prctl(2). */
final class ProcessControl {
  private ProcessControl() {}

  private static final int PR_SET_PDEATHSIG = 1;
  private static final int PR_GET_PDEATHSIG = 2;
  private static final int PR_GET_TID_ADDRESS = 40;

  /** How the host's call does the guest's. */
  private enum Passing {
    VALUES,
    POINTER,
    /** Unknown, or about something only x86-64 has or only the host process can mean: EINVAL. */
    REFUSED
  }

  private static Passing passing(int option) {
    return switch (option) {
      case PR_SET_PDEATHSIG,
          3, // PR_GET_DUMPABLE
          4, // PR_SET_DUMPABLE
          7, // PR_GET_KEEPCAPS
          8, // PR_SET_KEEPCAPS
          13, // PR_GET_TIMING
          14, // PR_SET_TIMING
          21, // PR_GET_SECCOMP
          23, // PR_CAPBSET_READ
          24, // PR_CAPBSET_DROP
          27, // PR_GET_SECUREBITS
          28, // PR_SET_SECUREBITS
          29, // PR_SET_TIMERSLACK
          30, // PR_GET_TIMERSLACK
          33, // PR_MCE_KILL
          34, // PR_MCE_KILL_GET
          36, // PR_SET_CHILD_SUBREAPER
          38, // PR_SET_NO_NEW_PRIVS
          39, // PR_GET_NO_NEW_PRIVS
          42, // PR_GET_THP_DISABLE
          47, // PR_CAP_AMBIENT
          57, // PR_SET_IO_FLUSHER
          58 // PR_GET_IO_FLUSHER
          ->
          Passing.VALUES;
      case PR_GET_PDEATHSIG,
          15, // PR_SET_NAME
          16, // PR_GET_NAME
          37 // PR_GET_CHILD_SUBREAPER
          ->
          Passing.POINTER;
      default -> Passing.REFUSED;
    };
  }

  static long call(Guest guest, int option, long[] a) {
    if (option == PR_GET_TID_ADDRESS) {
      guest.memory.putLong(a[1], guest.clearChildTid);
      return 0;
    }
    Family family = guest.process.family;
    if (!family.isFirst() && option == PR_SET_PDEATHSIG) {
      if (a[1] < 0 || a[1] > Signal.LAST) {
        return -Errno.EINVAL;
      }
      family.tree().signalAtParentsEnd(family.self(), (int) a[1]);
      return 0;
    }
    if (!family.isFirst() && option == PR_GET_PDEATHSIG) {
      guest.memory.putInt(a[1], family.tree().signalAtParentsEnd(family.self()));
      return 0;
    }
    return switch (passing(option)) {
      case VALUES -> guest.kernel.call(Syscall.PRCTL, option, a[1], a[2], a[3], a[4], 0);
      case POINTER -> guest.kernel.call(Syscall.PRCTL, option, guest.memory.pass(a[1], 0));
      case REFUSED -> -Errno.EINVAL;
    };
  }
}
