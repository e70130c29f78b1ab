package dev.isomorph.processvm.syscall;

import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;

/**
 * How a guest process ended.
 *
 * @param status what it passed to exit(2), 0 to 255; 0 if a signal killed it
 * @param signal the signal that killed it, null if it exited
 * @param request the signal by which somebody outside of the virtual machine asked for the end; 0
 *     if nobody did
 */
public record ProcessEnd(int status, SignalInfo signal, int request) {
  /** An end that nobody outside of the virtual machine has asked for. */
  public ProcessEnd(int status, SignalInfo signal) {
    this(status, signal, 0);
  }

  /** Whether the signal that killed the process is one that leaves a core dump. */
  public boolean dumpsCore() {
    return signal != null && Signal.dumpsCore(signal.signal());
  }
}
