package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.firmware.HartState;
import dev.isomorph.systemvm.hart.SystemHart;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** A hart, the thread that runs it, what it is doing, and what others want of it. */
final class HartSlot {
  private final SystemHart hart;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private HartState state = HartState.STOPPED;
  private Runnable beginning;

  HartSlot(SystemHart hart) {
    this.hart = hart;
  }

  SystemHart hart() {
    return hart;
  }

  synchronized HartState state() {
    return state;
  }

  /**
   * Has a stopped hart start.
   *
   * @param how sets its registers, on its thread
   * @return false if it is not stopped
   */
  synchronized boolean start(Runnable how) {
    if (state != HartState.STOPPED) {
      return false;
    }
    beginning = how;
    state = HartState.START_PENDING;
    notifyAll();
    return true;
  }

  /** Has the hart, whose thread this is, stop once it is back from the guest. */
  synchronized void stop() {
    state = HartState.STOP_PENDING;
  }

  /** Has the hart, whose thread this is, begin anew once it is back from the guest. */
  synchronized void restart(Runnable how) {
    beginning = how;
    state = HartState.RESUME_PENDING;
  }

  synchronized void suspended(boolean isSuspended) {
    state = isSuspended ? HartState.SUSPENDED : HartState.STARTED;
  }

  /** Whether guest code is to run. */
  synchronized boolean isStarted() {
    return state == HartState.STARTED || state == HartState.SUSPENDED;
  }

  /** Waits until the hart starts, and sets its registers; false if there is no hope. */
  boolean awaitStart(Power power) {
    Runnable how;
    synchronized (this) {
      state = HartState.STOPPED;
      while (beginning == null && power.isOn()) {
        try {
          wait();
        } catch (InterruptedException e) {
          // Nobody interrupts; the condition is tested again.
        }
      }
      how = beginning;
      beginning = null;
      if (how == null || !power.isOn()) {
        return false;
      }
      state = HartState.STARTED;
    }
    how.run();
    return true;
  }

  /** The power may be off: whoever waits looks. */
  synchronized void powerChanged() {
    notifyAll();
    hart.requestAttention();
  }

  /** Has the hart's thread do something soon. */
  void post(Runnable task) {
    tasks.add(task);
    hart.requestAttention();
  }

  /** Does what has been posted, on the hart's thread. */
  void serve() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Waits a moment for others, doing what they want meanwhile; on the hart's thread. */
  void pause() {
    serve();
    LockSupport.parkNanos(this, 20_000);
  }
}
