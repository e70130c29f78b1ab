package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;

/**
 * How a guest process ended.
 *
 * @param status what it passed to exit(2), 0 to 255; 0 if a signal killed it
 * @param signal the signal that killed it, null if it exited
 */
public record ProcessEnd(int status, SignalInfo signal) {
  /** The exit status as a shell tells it: 128 and the signal's number for death by a signal. */
  public int shellStatus() {
    return signal == null ? status : 128 + signal.signal();
  }

  /** Whether the signal that killed the process is one that leaves a core dump. */
  public boolean dumpsCore() {
    return signal != null && Signal.dumpsCore(signal.signal());
  }
}
