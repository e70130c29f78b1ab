package dev.isomorph.systemvm.device.serial;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that do not keep the process alive, for tasks. */
public final class DaemonExecutor {
  private static final int IDLE_SECONDS = 10;

  private DaemonExecutor() {}

  /**
   * Runs tasks one after the other.
   *
   * @param name of the thread, which is there only while there is something to do
   */
  public static Executor named(String name) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, name));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /**
   * Runs each task at once, on threads that do not keep the process alive.
   *
   * @param name of the threads, which are there only while there is something to do
   */
  public static Executor pool(String name) {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> daemon(task, name));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
