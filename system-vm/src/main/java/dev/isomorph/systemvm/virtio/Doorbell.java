package dev.isomorph.systemvm.virtio;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A job that is done some time after each ring, by an executor, never twice at a time: rings while
 * it runs make it run once more.
 */
final class Doorbell {
  private final Executor executor;
  private final Runnable job;
  private final AtomicInteger rings = new AtomicInteger();

  Doorbell(Executor executor, Runnable job) {
    this.executor = executor;
    this.job = job;
  }

  void ring() {
    if (rings.getAndIncrement() == 0) {
      executor.execute(this::run);
    }
  }

  /** Waits until nobody waits for the job any more. */
  synchronized void awaitSilence() throws InterruptedException {
    while (rings.get() != 0) {
      wait();
    }
  }

  private void run() {
    try {
      int answered;
      do {
        answered = rings.get();
        job.run();
      } while (!rings.compareAndSet(answered, 0));
    } catch (RuntimeException | Error e) {
      rings.set(0);
      throw e;
    } finally {
      synchronized (this) {
        notifyAll();
      }
    }
  }
}
