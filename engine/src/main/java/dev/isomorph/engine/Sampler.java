package dev.isomorph.engine;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks at regular intervals where guest code is. Emitted code counts nothing itself: it tells at
 * its next poll, which costs a microsecond for each sample.
 */
final class Sampler {
  /** Programs that end before this are not worth it, in milliseconds. */
  private static final int DELAY = 20;

  private static final int INTERVAL = 1;

  /** When there has been no new engine and no new code for so many samples, they become rarer. */
  private static final int MANY = 2000;

  private static final int LATER_INTERVAL = 10;

  private static final long NANOSECONDS_PER_MILLISECOND = 1_000_000;

  private static final CopyOnWriteArrayList<Engine> ENGINES = new CopyOnWriteArrayList<>();
  private static Thread thread;
  private static volatile int samples;

  private Sampler() {}

  static synchronized void watch(Engine engine) {
    ENGINES.add(engine);
    samples = 0;
    if (thread == null) {
      thread = new Thread(Sampler::run, "sampler");
      thread.setDaemon(true);
      thread.start();
    }
  }

  static void forget(Engine engine) {
    ENGINES.remove(engine);
  }

  private static void run() {
    long known = 0;
    rest(DELAY);
    while (true) {
      rest(samples < MANY ? INTERVAL : LATER_INTERVAL);
      long blocks = 0;
      for (Engine engine : ENGINES) {
        blocks += engine.stats().blocks();
        engine.requestSamples();
      }
      samples = blocks == known ? samples + 1 : 0;
      known = blocks;
    }
  }

  /** Not Thread.sleep: that loads classes of events, which no cache of classes has. */
  private static void rest(int milliseconds) {
    LockSupport.parkNanos(milliseconds * NANOSECONDS_PER_MILLISECOND);
  }
}
