package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.firmware.HartState;
import dev.isomorph.systemvm.hart.SystemHart;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** A hart, the thread that runs it, what it is doing, and what others want of it. */
final class HartSlot {
  private final SystemHart hart;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private HartState state = HartState.STOPPED;
  private Runnable beginning;

  /** How many want the hart to stand still, and whether it does. */
  private int holders;

  private boolean resting;

  /** Whether one thread runs all harts in turn. */
  private final boolean takesTurns;

  HartSlot(SystemHart hart, boolean takesTurns) {
    this.hart = hart;
    this.takesTurns = takesTurns;
    resting = takesTurns;
  }

  SystemHart hart() {
    return hart;
  }

  boolean takesTurns() {
    return takesTurns;
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
    do {
      // Who saw it run may have posted something after it had served for the last time.
      serve();
      how = awaitBeginning(power);
    } while (how == null && power.isOn());
    if (how == null) {
      return false;
    }
    how.run();
    return true;
  }

  /** Returns how it starts; null if there is something else to do. */
  private synchronized Runnable awaitBeginning(Power power) {
    state = HartState.STOPPED;
    notifyAll();
    while (beginning == null && power.isOn() && tasks.isEmpty()) {
      await();
    }
    Runnable how = power.isOn() ? beginning : null;
    if (how != null) {
      beginning = null;
      state = HartState.STARTED;
    }
    return how;
  }

  /** The power may be off: whoever waits looks. */
  synchronized void powerChanged() {
    notifyAll();
    hart.requestAttention();
  }

  /** Without waiting, on the thread that runs all harts: whether guest code can run now. */
  boolean begin() {
    Runnable how;
    synchronized (this) {
      if (state != HartState.START_PENDING && state != HartState.STOPPED && hart.isWaiting()) {
        return false;
      }
      how = beginning;
      beginning = null;
      if (state == HartState.STOP_PENDING) {
        state = HartState.STOPPED;
      } else if (how != null) {
        state = HartState.STARTED;
      }
    }
    if (how != null) {
      how.run();
    }
    return isStarted();
  }

  /** Whether it runs code, or will as soon as it can. */
  synchronized boolean isToRun() {
    return isStarted() || beginning != null;
  }

  /** After a restore: it goes on with the registers it has. */
  synchronized void goOn() {
    if (takesTurns) {
      state = HartState.STARTED;
    } else {
      start(() -> {});
    }
  }

  /**
   * While it stands still, has its registers be those it will start with.
   *
   * @throws IOException if it waits before that, which no snapshot knows
   */
  void settle() throws IOException {
    Runnable how;
    synchronized (this) {
      if (state == HartState.RESUME_PENDING) {
        throw new IOException("a hart is suspended without its state: try again");
      }
      how = beginning;
      if (how != null) {
        beginning = () -> {};
      }
    }
    if (how != null) {
      how.run();
    }
  }

  /** Its thread ends, whatever for. */
  synchronized void gone() {
    state = HartState.STOPPED;
    beginning = null;
    notifyAll();
  }

  /** Has the hart stand still soon. */
  synchronized void hold() {
    holders++;
    hart.requestAttention();
  }

  /** Lets the hart go on, when this has been called as often as {@link #hold}. */
  synchronized void release() {
    holders--;
    notifyAll();
  }

  /**
   * Whether the hart runs nothing, and will not before it is {@linkplain #release released},
   * something is {@linkplain #post posted} or another hart wants it to.
   */
  synchronized boolean isStanding() {
    boolean isOut = !takesTurns && state == HartState.STOPPED && beginning == null;
    return resting && tasks.isEmpty() || isOut;
  }

  /** Waits until the hart stands still once; on a thread that is no hart's. */
  synchronized void awaitStanding() {
    while (!isStanding()) {
      await();
    }
  }

  /** Does what is posted and stands still as long as it is to; on the hart's thread. */
  void rest(Power power) {
    do {
      serve();
    } while (awaitTask(power));
  }

  /** Waits while the hart is to stand still; true if there is something to do meanwhile. */
  private synchronized boolean awaitTask(Power power) {
    resting = true;
    notifyAll();
    while (holders > 0 && power.isOn() && tasks.isEmpty()) {
      await();
    }
    resting = false;
    return holders > 0 && power.isOn();
  }

  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      // Nobody interrupts; the condition is tested again.
    }
  }

  /** On the thread that runs all harts: this one's turn is over. */
  synchronized void endTurn() {
    resting = true;
    notifyAll();
  }

  /** Has the hart's thread do something soon. */
  void post(Runnable task) {
    if (takesTurns) {
      task.run();
      return;
    }
    tasks.add(task);
    hart.requestAttention();
    synchronized (this) {
      notifyAll();
    }
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
