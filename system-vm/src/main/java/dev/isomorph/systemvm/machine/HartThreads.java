package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.host.Closing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The host's threads that run a machine's harts from when it is turned on until it is off. */
final class HartThreads {
  /** Room for the return stack and what the host's signals need below it. */
  private static final long STACK_BYTES = 1 << 20;

  private final List<HartSlot> harts;
  private final Turns turns;
  private final Power power;

  /** What has ended the machine, null if it has ended as it should. */
  private volatile Throwable failure;

  /**
   * @param turns runs all harts on one thread; null for a thread each
   */
  HartThreads(List<HartSlot> harts, Turns turns, Power power) {
    this.harts = harts;
    this.turns = turns;
    this.power = power;
  }

  /**
   * Runs the harts of a machine that has been turned on, and returns when it is off.
   *
   * @throws IOException with a line for the user, if who observes it or records its input cannot
   *     write; what else has ended a hart's thread is thrown as it is
   */
  void run() throws IOException {
    List<Thread> threads = new ArrayList<>();
    try {
      startAll(threads);
    } catch (OutOfMemoryError noThread) {
      failed(noThread);
    }
    threads.forEach(HartThreads::join);
    Closing.raise(failure);
  }

  private void startAll(List<Thread> threads) {
    if (turns != null) {
      threads.add(start("harts", this::runAll));
      return;
    }
    for (HartSlot slot : harts) {
      threads.add(start("hart " + slot.hart().number(), () -> run(slot)));
    }
  }

  private static Thread start(String name, Runnable what) {
    return Thread.ofPlatform().name(name).stackSize(STACK_BYTES).start(what);
  }

  /** On a thread of its own: if it breaks down, no hart goes on, lest the machine hangs. */
  private void runUntilOff(Runnable what) {
    try {
      what.run();
    } catch (UncheckedIOException unwritten) {
      failed(unwritten.getCause());
    } catch (RuntimeException | Error bug) {
      failed(bug);
    }
  }

  private void failed(Throwable why) {
    failure = why;
    power.powerOff(1);
  }

  private void runAll() {
    try {
      runUntilOff(turns::run);
    } finally {
      harts.forEach(HartSlot::gone);
    }
  }

  private void run(HartSlot slot) {
    try {
      runUntilOff(
          () -> {
            while (slot.awaitStart(power)) {
              slot.rest(power);
              slot.hart().run();
              slot.serve();
            }
          });
    } finally {
      slot.gone();
    }
  }

  private static void join(Thread thread) {
    while (true) {
      try {
        thread.join();
        return;
      } catch (InterruptedException e) {
        // Nobody interrupts; it is waited for again.
      }
    }
  }
}
