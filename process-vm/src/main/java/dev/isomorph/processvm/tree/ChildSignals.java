package dev.isomorph.processvm.tree;

import dev.isomorph.processvm.signal.HostSignals;
import dev.isomorph.processvm.signal.SignalInfo;

/**
 * The host's signals as a process other than the first has them: it may have them caught, but
 * {@link SignalRouter} hands it what is for it.
 */
public final class ChildSignals implements HostSignals {
  private final HostSignals host;

  public ChildSignals(HostSignals host) {
    this.host = host;
  }

  @Override
  public boolean listen(int signal) {
    return host.listen(signal);
  }

  @Override
  public long ignoredAtStart() {
    return 0;
  }

  @Override
  public SignalInfo take() {
    return null;
  }

  @Override
  public boolean stopsWithHost() {
    return false;
  }
}
