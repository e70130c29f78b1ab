package dev.isomorph.processvm.signal;

import dev.isomorph.hostbackend.signal.SignalInbox;

/** The host's signals through a {@link SignalInbox}. Any thread may ask to listen. */
public final class InboxSignals implements HostSignals {
  /** The C library keeps these for itself, on the host as in the guest. */
  private static final long NEVER_CAUGHT = Signal.UNBLOCKABLE | Signal.bit(32) | Signal.bit(33);

  private final SignalInbox inbox;
  private long caught;

  public InboxSignals(SignalInbox inbox) {
    this.inbox = inbox;
  }

  @Override
  public synchronized boolean listen(int signal) {
    long bit = Signal.bit(signal);
    if ((NEVER_CAUGHT & bit) != 0) {
      return false;
    }
    if ((caught & bit) == 0) {
      caught |= bit;
      inbox.catchSignal(signal);
    }
    return true;
  }

  @Override
  public long ignoredAtStart() {
    return inbox.ignoredAtStart();
  }

  @Override
  public SignalInfo take() {
    return inbox.take() == 0 ? null : SignalInfo.read(inbox.siginfo());
  }
}
