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
  /** Whether the signal that killed the process is one that leaves a core dump. */
  public boolean dumpsCore() {
    return signal != null && Signal.dumpsCore(signal.signal());
  }
}
