package dev.isomorph.processvm.signal;

/**
 * Takes blocked signals off a process's hands, as a descriptor of signalfd(2) does. Only the
 * process's own threads call it, for only they have its descriptors.
 */
public interface SignalTaker {
  /** The signals that it would take. */
  long wanted();

  /** Takes the signal, or returns false to let it wait. */
  boolean take(SignalInfo info);

  /**
   * Gives back a signal that it has taken and nobody has read, so that it waits again; null if
   * there is none.
   */
  SignalInfo giveBack();
}
