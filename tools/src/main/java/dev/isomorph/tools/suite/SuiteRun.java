package dev.isomorph.tools.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tests, several at a time. */
final class SuiteRun {
  private static final int SECONDS_TO_CLEAN_UP = 5;

  private final String suite;
  private final Runners runners;
  private final int jobs;

  SuiteRun(String suite, Runners runners, int jobs) {
    this.suite = suite;
    this.runners = runners;
    this.jobs = jobs;
  }

  /** Runs the tests; the results come in their order. */
  List<TestResult> run(List<TestCase> tests, SuiteProgress progress) throws InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(jobs);
    Thread stop = new Thread(() -> stop(executor));
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      List<Future<TestResult>> futures = new ArrayList<>();
      for (TestCase each : tests) {
        futures.add(
            executor.submit(
                () -> {
                  TestResult result =
                      new TestResult(
                          suite, each.name(), each.extension(), each.subject(), runners.run(each));
                  progress.ended(result);
                  return result;
                }));
      }
      List<TestResult> results = new ArrayList<>();
      for (Future<TestResult> each : futures) {
        results.add(each.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      progress.clear();
      executor.shutdownNow();
      removeHook(stop);
    }
  }

  /** When the user ends the suite, no test is left behind. */
  private static void stop(ExecutorService executor) {
    executor.shutdownNow();
    try {
      executor.awaitTermination(SECONDS_TO_CLEAN_UP, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process is ending already.
    }
  }
}
