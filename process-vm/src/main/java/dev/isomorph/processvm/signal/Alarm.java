package dev.isomorph.processvm.signal;

/**
 * How a guest thread is told to look for signals. While the alarm is raised, neither guest code nor
 * a blocking call of the thread goes on.
 */
public interface Alarm {
  /** Nobody has to be told: there is but one thread, and it looks for itself. */
  Alarm NONE =
      new Alarm() {
        @Override
        public void raise() {}

        @Override
        public void lower() {}
      };

  /** Tells the thread; may be called on any thread. */
  void raise();

  /** Whether it may be raised; on the thread itself. */
  default boolean mayBeRaised() {
    return true;
  }

  /** Ends the alarm, on the thread itself and before it looks, so that none is missed. */
  void lower();
}
