package dev.isomorph.processvm.signal;

/** Learns which signals reach the guest. */
public interface SignalWatcher {
  SignalWatcher NONE =
      new SignalWatcher() {
        @Override
        public void delivered(SignalInfo info) {}
      };

  /** The signal is about to be handled, or to do what it does by default. */
  void delivered(SignalInfo info);
}
