package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.InstructionClock;
import dev.isomorph.systemvm.hart.SystemHart;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs all harts on one thread, in turns of a number of steps, with everything else that happens in
 * the machine between two instructions of theirs that are the same at each run: timers when they
 * are due, input from the host when a round begins.
 */
final class Turns {
  /** Steps of a turn: few enough that harts which wait for each other lose little by it. */
  private static final long STEPS = 20_000;

  private final List<HartSlot> harts;
  private final InstructionClock clock;
  private final InputJournal input;
  private final Power power;
  private volatile Thread thread;

  /** When to call somebody, in steps, and whom. */
  private long callAt = Long.MAX_VALUE;

  private Runnable called;

  /** Null while none has its turn. */
  private SystemHart running;

  private long end;

  /** Whether no time passes before there is input. */
  private boolean idle;

  Turns(List<HartSlot> harts, InstructionClock clock, InputJournal input, Power power) {
    this.harts = harts;
    this.clock = clock;
    this.input = input;
    this.power = power;
  }

  /** Has somebody called, once, by the machine's thread when so many steps have passed. */
  void callAt(long elapsed, Runnable whom) {
    callAt = elapsed;
    called = whom;
  }

  /** Whether somebody is still to be called. */
  boolean isToCall() {
    return callAt != Long.MAX_VALUE;
  }

  /** Runs the harts until the power is off. */
  void run() {
    thread = Thread.currentThread();
    input.powerIs(power.isOn());
    try {
      while (power.isOn()) {
        between(this::beginRound);
        boolean moved = false;
        for (HartSlot slot : harts) {
          moved |= turn(slot);
        }
        if (!moved) {
          long most = awaitTimer();
          between(() -> skip(most));
        }
        if (idle) {
          awaitInput();
        }
      }
    } finally {
      thread = null;
    }
  }

  /**
   * Does something between turns as if the first hart did it, so that the machine does not stand
   * still meanwhile.
   */
  private void between(Runnable what) {
    HartSlot first = harts.getFirst();
    first.rest(power);
    try {
      if (power.isOn()) {
        what.run();
      }
    } finally {
      first.endTurn();
    }
  }

  private void beginRound() {
    idle = false;
    if (clock.elapsed() >= callAt) {
      callAt = Long.MAX_VALUE;
      called.run();
    }
    input.deliver(clock.elapsed());
  }

  /**
   * All harts wait for a timer. If something may come from the host before, the timer is waited
   * for, too: whoever sends it knows only the host's time.
   *
   * @return how many steps may be skipped
   */
  private long awaitTimer() {
    if (!input.isLive()) {
      return input.untilNext(clock.elapsed());
    }
    long left = clock.next();
    long start = System.nanoTime();
    long passed = 0;
    while (passed < left && power.isOn() && !input.hasSomething()) {
      LockSupport.parkNanos(this, left - passed);
      passed = System.nanoTime() - start;
    }
    return passed;
  }

  private void skip(long most) {
    idle = !clock.skip(most);
    clock.runDue();
  }

  private boolean turn(HartSlot slot) {
    slot.rest(power);
    try {
      boolean runs = power.isOn() && slot.begin();
      if (runs) {
        running = slot.hart();
        end = running.steps() + STEPS;
        running.runUntil(this::limit);
        running = null;
      }
      clock.runDue();
      return runs;
    } finally {
      running = null;
      slot.endTurn();
    }
  }

  /** At how many of the hart's steps its turn ends: a timer may be due before. */
  private long limit() {
    long untilTimer = clock.next();
    long left = end - running.steps();
    return running.steps() + Math.min(left, untilTimer);
  }

  /** A timer may be due earlier than thought: the hart that runs asks again. */
  void timerSet() {
    if (running != null) {
      running.requestPoll();
    }
  }

  /** Nothing happens any more before the host says something. */
  private void awaitInput() {
    while (power.isOn() && !input.hasSomething()) {
      LockSupport.park(this);
    }
  }

  /** There may be input, or the power has gone; any thread. */
  void wake() {
    LockSupport.unpark(thread);
  }
}
