package dev.isomorph.processvm.signal;

/** The host's signals as far as they concern the guest: those that arrive for its process. */
public interface HostSignals {
  /** No signals from outside: what they do to the host process they do unseen. */
  HostSignals NONE =
      new HostSignals() {
        @Override
        public boolean listen(int signal) {
          return false;
        }

        @Override
        public long ignoredAtStart() {
          return 0;
        }

        @Override
        public SignalInfo take() {
          return null;
        }
      };

  /**
   * Catches {@code signal} from now on instead of leaving it to the host's default.
   *
   * @return false if this signal cannot be had
   */
  boolean listen(int signal);

  /** The signals that the process was started with as ignored; a sigset_t. */
  long ignoredAtStart();

  /** Removes and returns a signal that has arrived for the process, null when there is none. */
  SignalInfo take();

  /** Whether the process is stopped by stopping the host process. */
  default boolean stopsWithHost() {
    return true;
  }
}
