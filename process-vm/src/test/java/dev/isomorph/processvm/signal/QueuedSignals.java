package dev.isomorph.processvm.signal;

import java.util.ArrayDeque;

/** Signals of the host as a test lets them arrive. */
final class QueuedSignals implements HostSignals {
  final ArrayDeque<SignalInfo> arrived = new ArrayDeque<>();
  long listening;
  long ignored;

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
