package dev.isomorph.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps harts apart: what the dispatcher does, one hart does at a time, and emitted code is taken
 * away only while no hart is in any.
 *
 * <p>A hart's thread takes its {@linkplain #takeTurn turn} whenever it comes back from emitted code
 * and gives it up to run the next block. Whoever has the turn may {@linkplain #clear clear} the
 * code: the others are made to come back by their poll flags and wait for the end of the turn.
 */
final class Rendezvous {
  private final List<Hart> harts = new ArrayList<>();
  private Thread holder;
  private int depth;

  /** Threads that wait for a change; mostly there are none, and to tell them would cost a call. */
  private int waiting;

  synchronized void add(Hart hart) {
    harts.add(hart);
  }

  synchronized void remove(Hart hart) {
    harts.remove(hart);
  }

  /** The harts there are. */
  synchronized List<Hart> harts() {
    return List.copyOf(harts);
  }

  /** Waits for the turn; a thread that has it may take it again. */
  synchronized void takeTurn() {
    Thread me = Thread.currentThread();
    while (holder != null && holder != me) {
      await();
    }
    holder = me;
    depth++;
  }

  /** Gives up the turn as often as it was taken. */
  synchronized void endTurn() {
    if (--depth == 0) {
      holder = null;
      changed();
    }
  }

  /** Ends the turn; the hart is in emitted code from here on. */
  synchronized void enterCode(Hart hart) {
    hart.inCode = true;
    endTurn();
  }

  /** The hart is out of emitted code; waits for the turn. */
  synchronized void leaveCode(Hart hart) {
    hart.inCode = false;
    hart.state().endCall();
    changed();
    takeTurn();
  }

  /**
   * Within a turn: returns when no hart is in emitted code; none enters before the turn ends. One
   * in a system call need not be waited for: the poll flag keeps it from going back to a block.
   */
  synchronized void clear() {
    for (Hart hart : harts) {
      if (hart.inCode) {
        hart.requestPoll();
      }
    }
    while (anyInCode()) {
      await();
    }
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
  private void await() {
    waiting++;
    try {
      wait();
    } catch (InterruptedException e) {
      // The condition is tested again.
    }
    waiting--;
  }

  private void changed() {
    if (waiting > 0) {
      notifyAll();
    }
  }
}
