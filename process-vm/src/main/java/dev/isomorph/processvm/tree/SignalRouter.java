package dev.isomorph.processvm.tree;

import dev.isomorph.processvm.signal.HostSignals;
import dev.isomorph.processvm.signal.Signal;
import dev.isomorph.processvm.signal.SignalInfo;

/**
 * The host's signals for the first process, after those that are for others have been handed on:
 * the terminal's go to its foreground group, a timer's to the process that made the timer, and what
 * others send the first process goes to all once that has ended.
 */
public final class SignalRouter implements HostSignals {
  private static final long FROM_TERMINAL =
      Signal.bit(Signal.SIGHUP)
          | Signal.bit(Signal.SIGINT)
          | Signal.bit(Signal.SIGQUIT)
          | Signal.bit(Signal.SIGTSTP)
          | Signal.bit(Signal.SIGCONT)
          | Signal.bit(Signal.SIGWINCH);

  private final HostSignals host;
  private final ProcessTree tree;
  private final TimerOwners timers;

  public SignalRouter(HostSignals host, ProcessTree tree, TimerOwners timers) {
    this.host = host;
    this.tree = tree;
    this.timers = timers;
  }

  @Override
  public boolean listen(int signal) {
    return host.listen(signal);
  }

  @Override
  public long ignoredAtStart() {
    return host.ignoredAtStart();
  }

  @Override
  public SignalInfo take() {
    for (SignalInfo info = host.take(); info != null; info = host.take()) {
      SignalInfo own = handOn(info);
      if (own != null) {
        return own;
      }
    }
    return null;
  }

  /** Returns what the first process is to receive, null for nothing. */
  private SignalInfo handOn(SignalInfo info) {
    if (info.code() == SignalInfo.SI_TIMER) {
      return handOnTimer(info);
    }
    if (info.code() == SignalInfo.SI_KERNEL && (FROM_TERMINAL & Signal.bit(info.signal())) != 0) {
      return tree.sendFromTerminal(info) ? info : null;
    }
    if (tree.hasFirstEnded()) {
      tree.sendToGroup(0, info, null);
      return null;
    }
    tree.arrived(info);
    return info;
  }

  private SignalInfo handOnTimer(SignalInfo info) {
    TimerOwners.Owner owner = timers.of(info.pid());
    if (owner == null) {
      return info;
    }
    SignalInfo told =
        owner.isInterval()
            ? new SignalInfo(info.signal(), 0, SignalInfo.SI_KERNEL, 0, 0, 0, 0)
            : info;
    if (owner.process() == tree.first()) {
      return told;
    }
    TimerOwners.receiver(owner).sendFromOutside(told);
    return null;
  }
}
