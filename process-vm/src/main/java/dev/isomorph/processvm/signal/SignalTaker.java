package dev.isomorph.processvm.signal;

/** Takes blocked signals off a process's hands, as a descriptor of signalfd(2) does. */
public interface SignalTaker {
  /** Takes the signal, or returns false to let it wait. */
  boolean take(SignalInfo info);
}
