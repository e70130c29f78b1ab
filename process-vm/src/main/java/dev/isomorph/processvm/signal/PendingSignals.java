package dev.isomorph.processvm.signal;

import java.util.ArrayList;

/**
 * Signals that have been sent but not yet delivered. Of a standard signal one at most, of a
 * real-time signal all, in the order of sending (signal(7)).
 */
final class PendingSignals {
  private final ArrayList<SignalInfo> queue = new ArrayList<>(4);
  private long set;

  /** The signals of which at least one waits, as a sigset_t. */
  long set() {
    return set;
  }

  void add(SignalInfo info) {
    long bit = Signal.bit(info.signal());
    if (info.signal() < Signal.SIGRTMIN && (set & bit) != 0) {
      return;
    }
    set |= bit;
    queue.add(info);
  }

  void addAll(PendingSignals others) {
    for (int i = 0; i < others.queue.size(); i++) {
      add(others.queue.get(i));
    }
  }

  /** Forgets all signals in {@code signals}. */
  void discard(long signals) {
    if ((set & signals) == 0) {
      return;
    }
    set &= ~signals;
    for (int i = queue.size() - 1; i >= 0; i--) {
      if ((Signal.bit(queue.get(i).signal()) & signals) != 0) {
        queue.remove(i);
      }
    }
  }

  /**
   * Removes and returns the signal of {@code wanted} to deliver first: one that an instruction
   * caused, else the one with the lowest number. Null when none waits.
   */
  SignalInfo take(long wanted) {
    long candidates = set & wanted;
    if (candidates == 0) {
      return null;
    }
    long urgent = candidates & Signal.SYNCHRONOUS;
    int signal = Long.numberOfTrailingZeros(urgent != 0 ? urgent : candidates) + 1;
    SignalInfo found = null;
    boolean more = false;
    for (int i = 0; i < queue.size(); i++) {
      if (queue.get(i).signal() == signal) {
        if (found == null) {
          found = queue.remove(i--);
        } else {
          more = true;
        }
      }
    }
    if (!more) {
      set &= ~Signal.bit(signal);
    }
    return found;
  }
}
