package dev.isomorph.systemvm.machine;

/**
 * A way into a deterministic machine: what comes waits here until the machine's thread takes it.
 */
interface JournaledInput {
  /** The device's name in the record. */
  String name();

  /** Whether {@link #deliver} would have something to give. */
  boolean hasSomething();

  /**
   * Gives the device what there is for it, and has it written down; on the machine's thread.
   *
   * @param now time, in steps
   */
  void deliver(long now);

  /** Whether the device can be given that. */
  boolean takes(HostInput what);

  /**
   * Gives the device what was written down once; on the machine's thread.
   *
   * @param what something it {@link #takes}
   */
  void replay(HostInput what);

  /** What was written down is over when a saved machine goes on. */
  default void passOver(HostInput what) {}

  /** Nobody is to wait for the host any more, or is again; any thread. */
  default void mayWait(boolean now) {}
}
