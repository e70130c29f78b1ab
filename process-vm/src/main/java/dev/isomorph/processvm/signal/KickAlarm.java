package dev.isomorph.processvm.signal;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.signal.SignalInbox;

/**
 * The alarm of a thread that runs translated code: its poll flag, and a kick out of blocking calls.
 */
public final class KickAlarm implements Alarm {
  private final SignalInbox inbox;
  private final long pollFlag;
  private final int hostThread;

  /**
   * Makes the alarm.
   *
   * @param pollFlag host address of the thread's poll flag
   * @param hostThread the host's id of the thread
   */
  public KickAlarm(SignalInbox inbox, long pollFlag, int hostThread) {
    this.inbox = inbox;
    this.pollFlag = pollFlag;
    this.hostThread = hostThread;
  }

  @Override
  public void raise() {
    HostMemory.putByteVolatile(pollFlag, (byte) 1);
    inbox.kick(hostThread);
  }

  @Override
  public boolean mayBeRaised() {
    return HostMemory.getByteVolatile(pollFlag) != 0;
  }

  @Override
  public void lower() {
    HostMemory.putByteVolatile(pollFlag, (byte) 0);
  }
}
