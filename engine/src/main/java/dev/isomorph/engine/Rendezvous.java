package dev.isomorph.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps harts apart: what the dispatcher does, one hart does at a time, and emitted code is taken
 * away only while no hart is in any.
 *
 * <p>A hart's thread takes its {@linkplain #takeTurn turn} whenever it comes back from emitted code
 * and gives it up to run the next block. Whoever has the turn may {@linkplain #clear clear} the
 * code: the others are made to come back by their poll flags and wait for the end of the turn.
 */
final class Rendezvous {
  /** How often to look for the turn before sleeping: about as long as most turns are. */
  private static final int SPINS = 64;

  /** Replaced whenever there is one more or less. */
  private volatile List<Hart> harts = List.of();

  /** Who has the turn; null for nobody. A monitor would be slow once two threads have met at it. */
  private final AtomicReference<Thread> holder = new AtomicReference<>();

  /** How often the holder has taken its turn. */
  private int depth;

  /**
   * Threads that wait for a change; mostly there are none, and to tell them would cost a call.
   * Whoever waits announces it before it looks, whoever changes something looks here afterwards.
   */
  private volatile int waiting;

  synchronized void add(Hart hart) {
    List<Hart> more = new ArrayList<>(harts);
    more.add(hart);
    harts = more;
  }

  synchronized void remove(Hart hart) {
    List<Hart> fewer = new ArrayList<>(harts);
    fewer.remove(hart);
    harts = fewer;
  }

  /** The harts there are now. */
  List<Hart> harts() {
    return harts;
  }

  /** Waits for the turn; a thread that has it may take it again. */
  void takeTurn() {
    Thread me = Thread.currentThread();
    if (holder.get() != me && !holder.compareAndSet(null, me) && !spinForTurn(me)) {
      awaitTurn(me);
    }
    depth++;
  }

  private boolean spinForTurn(Thread me) {
    for (int i = 0; i < SPINS; i++) {
      if (holder.get() == null && holder.compareAndSet(null, me)) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private synchronized void awaitTurn(Thread me) {
    waiting++;
    while (!holder.compareAndSet(null, me)) {
      await();
    }
    waiting--;
  }

  /** Gives up the turn as often as it was taken. */
  void endTurn() {
    if (--depth == 0) {
      holder.set(null);
      changed();
    }
  }

  /** Within a turn that may become long: lets the others have theirs. */
  void giveWay() {
    if (waiting > 0) {
      endTurn();
      Thread.yield();
      takeTurn();
    }
  }

  /** Ends the turn; the hart is in emitted code from here on. */
  void enterCode(Hart hart) {
    hart.inCode = true;
    endTurn();
  }

  /** The hart is out of emitted code; waits for the turn. */
  void leaveCode(Hart hart) {
    hart.state().endCall();
    hart.inCode = false;
    changed();
    takeTurn();
  }

  /**
   * Within a turn: returns when no hart is in emitted code; none enters before the turn ends. One
   * in a system call need not be waited for: the poll flag keeps it from going back to a block.
   */
  void clear() {
    for (Hart hart : harts) {
      if (hart.inCode) {
        hart.requestPoll();
      }
    }
    if (anyInCode()) {
      awaitClear();
    }
  }

  private synchronized void awaitClear() {
    waiting++;
    while (anyInCode()) {
      await();
    }
    waiting--;
  }

  private boolean anyInCode() {
    for (Hart hart : harts) {
      if (hart.inCode && !hart.state().isInCall()) {
        return true;
      }
    }
    return false;
  }

  /** Waits for a change. Nobody interrupts threads that run guest code; an interrupt is dropped. */
  private synchronized void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      // The condition is tested again.
    }
  }

  private void changed() {
    if (waiting > 0) {
      tellAll();
    }
  }

  private synchronized void tellAll() {
    notifyAll();
  }
}
