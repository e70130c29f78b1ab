package dev.isomorph.processvm.signal;

import java.util.ArrayDeque;

/** Signals of the host as a test lets them arrive. */
final class QueuedSignals implements HostSignals {
  private final ArrayDeque<SignalInfo> arrived = new ArrayDeque<>();
  long listening;
  long ignored;

  /** Lets a signal arrive; as in the inbox's handler, the thread that takes them is told. */
  void arrive(Alarm alarm, SignalInfo info) {
    arrived.add(info);
    alarm.raise();
  }

  @Override
  public boolean listen(int signal) {
    listening |= Signal.bit(signal);
    return true;
  }

  @Override
  public long ignoredAtStart() {
    return ignored;
  }

  @Override
  public SignalInfo take() {
    return arrived.poll();
  }
}
