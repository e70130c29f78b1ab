package dev.isomorph.processvm.tree;

import dev.isomorph.processvm.signal.GuestSignals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose the host's timers are: a timer's signal arrives for the host process, whichever guest
 * process has made the timer.
 */
public final class TimerOwners {
  record Owner(ProcessNode process, boolean isInterval) {}

  private final Map<Integer, Owner> byTimer = new HashMap<>();

  /**
   * Notes whose a timer is.
   *
   * @param timer the host's id of it
   * @param isInterval whether it does the work of setitimer(2), so that its signal is the kernel's
   */
  public synchronized void add(int timer, ProcessNode process, boolean isInterval) {
    byTimer.put(timer, new Owner(process, isInterval));
  }

  /** Forgets a timer. */
  public synchronized void remove(int timer) {
    byTimer.remove(timer);
  }

  /**
   * Removes and returns the timers of a process.
   *
   * @param intervals whether those of setitimer(2) are among them
   */
  public synchronized List<Integer> removeAll(ProcessNode process, boolean intervals) {
    List<Integer> timers = new ArrayList<>();
    for (Map.Entry<Integer, Owner> entry : byTimer.entrySet()) {
      Owner owner = entry.getValue();
      if (owner.process == process && (intervals || !owner.isInterval)) {
        timers.add(entry.getKey());
      }
    }
    byTimer.keySet().removeAll(timers);
    return timers;
  }

  /** Whose a timer is, null if nobody's here. */
  synchronized Owner of(int timer) {
    return byTimer.get(timer);
  }

  /** The state to which signals for an owner go. */
  static GuestSignals receiver(Owner owner) {
    return owner.process.signals;
  }
}
