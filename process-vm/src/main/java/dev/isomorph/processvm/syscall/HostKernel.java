package dev.isomorph.processvm.syscall;

import dev.isomorph.hostbackend.HostCalls;
import dev.isomorph.hostbackend.HostLinux;
import dev.isomorph.processvm.signal.GuestSignals;

/** The host's kernel, entered on behalf of a guest thread that may have to leave for a signal. */
final class HostKernel {
  /**
   * A result that is not one: the call is to be made again after a signal, as InterruptedCall says.
   */
  static final long RESTARTED = -512;

  static final long ENDED_BY_HANDLER = -514;
  static final long CONTINUED = -516;

  private final GuestSignals signals;
  private final RaisedSignals raised;
  private final long flag;

  /**
   * Makes the kernel's face for one thread, which is the calling one.
   *
   * @param pid the process it is of
   * @param flag address of the byte that is set when a signal has arrived for the thread
   */
  HostKernel(GuestSignals signals, int pid, long flag) {
    this.signals = signals;
    this.raised = RaisedSignals.inCallingThread(signals, pid);
    this.flag = flag;
  }

  /** Makes a call that does not wait. */
  long call(Syscall call, long a, long b, long c, long d, long e, long f) {
    return seen(HostCalls.syscall(call.host, a, b, c, d, e, f));
  }

  long call(Syscall call, long a, long b, long c, long d) {
    return seen(HostCalls.syscall(call.host, a, b, c, d, 0, 0));
  }

  long call(Syscall call, long a, long b) {
    return HostCalls.syscall(call.host, a, b, 0, 0, 0, 0);
  }

  long call(Syscall call, long a) {
    return HostCalls.syscall(call.host, a, 0, 0, 0, 0, 0);
  }

  /**
   * Makes a call that may wait, until it is done or the guest has a signal to receive.
   *
   * @return the kernel's answer; {@link #RESTARTED} or -EINTR when a signal waits for the guest, as
   *     the kernel would restart the call or not
   */
  long wait(Syscall call, long a, long b, long c, long d, long e, long f) {
    while (true) {
      long result = attempt(call, a, b, c, d, e, f);
      if (!isInterruption(result) || signals.interrupted()) {
        return result;
      }
    }
  }

  /**
   * As {@link #wait}, but returns at the first interruption, wanted or not, so that the caller can
   * see to the time that has passed.
   */
  long attempt(Syscall call, long a, long b, long c, long d, long e, long f) {
    return seen(HostCalls.interruptibleSyscall(flag, call.host, a, b, c, d, e, f));
  }

  /** To be told of the answer to a call that has been made without this. */
  void settle(long result) {
    seen(result);
  }

  private long seen(long result) {
    if (result < 0) {
      raised.collect(result);
    }
    return result;
  }

  /** Whether a result means that the call was broken off before it had an effect. */
  static boolean isInterruption(long result) {
    return result == -HostLinux.EINTR || result == RESTARTED;
  }

  /** Whether a result is an error number. */
  static boolean failed(long result) {
    return result < 0 && result >= -4095;
  }
}
