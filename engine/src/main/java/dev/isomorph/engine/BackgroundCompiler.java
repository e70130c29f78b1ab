package dev.isomorph.engine;

import java.util.concurrent.LinkedBlockingQueue;

/** The thread that compiles regions while the guest goes on; one for all engines. */
final class BackgroundCompiler {
  private static final LinkedBlockingQueue<Runnable> JOBS = new LinkedBlockingQueue<>();
  private static Thread thread;

  private BackgroundCompiler() {}

  /** Has a job done soon. */
  static synchronized void submit(Runnable job) {
    JOBS.add(job);
    if (thread == null) {
      thread = new Thread(BackgroundCompiler::run, "region compiler");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void run() {
    try {
      while (true) {
        run(JOBS.take());
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it but the JVM at its end.
    }
  }

  /** Blocks do without the region; the next one is another matter. */
  private static void run(Runnable job) {
    try {
      job.run();
    } catch (RuntimeException | StackOverflowError e) {
      System.err.println("isomorph: a hot loop stays without a region: " + e);
    }
  }
}
