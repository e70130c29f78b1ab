package dev.isomorph.processvm.signal;

import java.util.ArrayList;
import java.util.Arrays;

/**
 * What the threads of a process share of signals: the actions, the signals that wait for any of
 * them, and who they are. Its monitor guards it and the {@link GuestSignals} of all threads.
 */
final class SharedSignals {
  /** Signals that would make the host's JVM do something of its own instead of just dying. */
  private static final int[] HANDLED_BY_JVM = {
    Signal.SIGHUP,
    Signal.SIGINT,
    Signal.SIGQUIT,
    Signal.SIGTERM,
    Signal.SIGPIPE,
    Signal.SIGXFSZ,
    Signal.SIGUSR2,
    Signal.SIGSEGV,
    Signal.SIGBUS,
    Signal.SIGFPE,
    Signal.SIGILL,
  };

  final HostSignals host;
  final PendingSignals pending = new PendingSignals();
  final ArrayList<GuestSignals> threads = new ArrayList<>(1);
  private final SignalAction[] actions = new SignalAction[Signal.LAST + 1];

  /** Takes signals that every thread blocks; null for nobody. */
  SignalTaker taker;

  /** The thread that ends the process, or all other threads of it; null while they go on. */
  GuestSignals ender;

  /** Whether a signal has stopped the process and none has continued or killed it. */
  boolean stopped;

  /** Whether SIGCONT was what ended the last stop. */
  boolean continued;

  SharedSignals(HostSignals host) {
    this.host = host;
    Arrays.fill(actions, SignalAction.INITIAL);
    for (long rest = host.ignoredAtStart(); rest != 0; rest &= rest - 1) {
      actions[Long.numberOfTrailingZeros(rest) + 1] = new SignalAction(SignalAction.IGNORE, 0, 0);
    }
    for (int signal : HANDLED_BY_JVM) {
      host.listen(signal);
    }
  }

  /** Makes what a new process has of its parent's: the actions, but no signal that waits. */
  SharedSignals(SharedSignals parent, HostSignals host) {
    this.host = host;
    System.arraycopy(parent.actions, 0, actions, 0, actions.length);
  }

  /** Forgets the handlers, as a process does that runs another program. */
  void dropHandlers() {
    takeBack();
    for (int signal = 1; signal < actions.length; signal++) {
      if (actions[signal].handler() != SignalAction.IGNORE) {
        actions[signal] = SignalAction.INITIAL;
      }
    }
    taker = null;
  }

  SignalAction action(int signal) {
    return actions[signal];
  }

  /** Sets an action as the kernel does it by itself: nothing that waits is forgotten. */
  void setAction(int signal, SignalAction action) {
    actions[signal] = action;
  }

  boolean ignores(int signal) {
    return actions[signal].ignores(signal);
  }

  /** Forgets signals in {@code set} wherever they wait. */
  void discard(long set) {
    pending.discard(set);
    for (int i = 0; i < threads.size(); i++) {
      threads.get(i).discardOwn(set);
    }
  }

  /** Stop signals and SIGCONT cancel each other (signal(7)); SIGKILL reaches a stopped process. */
  void cancelOpposite(int signal) {
    if (signal == Signal.SIGCONT || signal == Signal.SIGKILL) {
      if (stopped) {
        stopped = false;
        continued = signal == Signal.SIGCONT;
        notifyAll();
      }
    }
    if (signal == Signal.SIGCONT) {
      discard(Signal.STOPS);
    } else if ((Signal.bit(signal) & Signal.STOPS) != 0) {
      discard(Signal.bit(Signal.SIGCONT));
    }
  }

  /** Whether the taker would have one of some signals. */
  boolean isTakers(long set) {
    return taker != null && (taker.wanted() & set) != 0;
  }

  /** Lets all wait again that the taker has and nobody has read, until {@link #handOver}. */
  void takeBack() {
    if (taker == null) {
      return;
    }
    for (SignalInfo info = taker.giveBack(); info != null; info = taker.giveBack()) {
      pending.add(info);
    }
  }

  /** Hands the taker what waits; on one of the process's threads. */
  void handOver() {
    if (!isTakers(pending.set())) {
      return;
    }
    long left = taker.wanted();
    for (SignalInfo info = pending.take(left); info != null; info = pending.take(left)) {
      if (receiver(Signal.bit(info.signal())) != null || !taker.take(info)) {
        left &= ~Signal.bit(info.signal());
        pending.add(info);
      }
    }
  }

  /** Returns the thread to which a signal for the process goes, null if all block it. */
  GuestSignals receiver(long bit) {
    for (int i = 0; i < threads.size(); i++) {
      if (threads.get(i).wants(bit)) {
        return threads.get(i);
      }
    }
    return null;
  }

  /**
   * Finds other threads for signals that one thread does not receive any more.
   *
   * @param set the signals
   * @param caller the thread on which this runs
   */
  void passOn(long set, GuestSignals caller) {
    for (long rest = set & pending.set(); rest != 0; rest &= rest - 1) {
      GuestSignals receiver = receiver(Long.lowestOneBit(rest));
      if (receiver != null) {
        receiver.summon(caller);
      }
    }
  }
}
