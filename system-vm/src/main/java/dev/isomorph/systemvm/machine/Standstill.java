package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.device.StoppableClock;
import java.io.IOException;
import java.util.List;

/**
 * Has a whole machine stand still between two instructions: first its harts, each outside of
 * translated code with its registers current; then its time; then what devices do on threads of
 * their own. It is asked for as often as it is ended. Its monitor keeps the machine from being
 * turned on meanwhile.
 */
final class Standstill {
  private final List<HartSlot> harts;
  private final StoppableClock clock;
  private final Board board;
  private final Power power;
  private int wanted;

  Standstill(List<HartSlot> harts, StoppableClock clock, Board board, Power power) {
    this.harts = harts;
    this.clock = clock;
    this.board = board;
    this.power = power;
  }

  /**
   * Returns when nothing moves; not for a hart's thread.
   *
   * @throws IOException if a device could not be waited for; then the machine goes on
   */
  synchronized void begin() throws IOException {
    if (wanted++ == 0) {
      harts.forEach(HartSlot::hold);
    }
    awaitHarts();
    clock.pause();
    try {
      board.pause();
    } catch (IOException e) {
      end();
      throw e;
    }
  }

  /** While harts are held: returns when none does anything that was posted to it, either. */
  synchronized void awaitHarts() {
    // A hart that still ran may have started one that was looked at before.
    while (!harts.stream().allMatch(HartSlot::isStanding)) {
      harts.forEach(HartSlot::awaitStanding);
    }
  }

  /** Does something while no hart runs, whatever devices do; not for a hart's thread. */
  synchronized void withoutHarts(Runnable what) {
    harts.forEach(HartSlot::hold);
    try {
      awaitHarts();
      what.run();
    } finally {
      harts.forEach(HartSlot::release);
    }
  }

  /** Waits until the machine is on. */
  synchronized void awaitTurnedOn() throws InterruptedException {
    while (!power.isOn()) {
      wait();
    }
  }

  /** Lets the machine go on, if nobody else wants it to stand still. */
  synchronized void end() {
    if (wanted == 0) {
      throw new IllegalStateException("the machine does not stand still");
    }
    if (--wanted > 0) {
      return;
    }
    board.resume();
    if (power.isOn()) {
      clock.resume();
    }
    harts.forEach(HartSlot::release);
  }

  synchronized boolean isWanted() {
    return wanted > 0;
  }

  /** Turns the power on, which starts time only if it is not to stand still. */
  synchronized void turnOn() {
    power.turnOn();
    notifyAll();
    if (wanted == 0) {
      board.resume();
      clock.resume();
    }
  }

  /** The harts have gone: time stops. */
  synchronized void turnedOff() {
    clock.pause();
  }
}
