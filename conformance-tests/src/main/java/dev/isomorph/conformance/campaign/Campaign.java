package dev.isomorph.conformance.campaign;

import dev.isomorph.tools.suite.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Judges cases until the time is up or there are enough of them. All kinds get about the same time.
 */
final class Campaign {
  /**
   * How long, and which cases.
   *
   * @param time empty for no limit
   * @param seed what all cases are made from
   * @param cases of each kind, at most, in this shard
   * @param jobs cases judged at the same time
   */
  record Plan(Optional<Duration> time, long seed, Shard shard, long cases, int jobs) {}

  /** Told of what happens, from any thread. */
  interface Listener {
    /** A case has been judged. */
    void judged(List<Tally> tallies);

    /** A difference has been found and written down. */
    void found(Tally.Difference difference);
  }

  private final Plan plan;
  private final Kind.Equipment equipment;
  private final Reproducers reproducers;
  private final Listener listener;
  private final List<Tally> tallies;
  private final long begun = System.nanoTime();
  private volatile boolean stopped;

  Campaign(
      Plan plan,
      List<Kind> kinds,
      Kind.Equipment equipment,
      Reproducers reproducers,
      Listener listener) {
    this.plan = plan;
    this.equipment = equipment;
    this.reproducers = reproducers;
    this.listener = listener;
    tallies = kinds.stream().map(Tally::new).toList();
  }

  /**
   * Does it all.
   *
   * @return what came of each kind
   * @throws IOException if a case could not be judged, for reasons outside of it
   */
  List<Tally> run() throws IOException, InterruptedException {
    try (ExecutorService workers = Executors.newFixedThreadPool(plan.jobs)) {
      List<Future<?>> jobs = new ArrayList<>();
      for (int i = 0; i < plan.jobs; i++) {
        jobs.add(
            workers.submit(
                () -> {
                  work();
                  return null;
                }));
      }
      for (Future<?> job : jobs) {
        await(job);
      }
    }
    return tallies;
  }

  /**
   * Begins no more cases, and does not believe those under way, whose programs may have been
   * interrupted, too: nothing is counted, written or told after this.
   *
   * @return what has come of each kind so far
   */
  synchronized List<Tally> stop() {
    stopped = true;
    return tallies;
  }

  /** Judges one case. */
  Tally repeat(long seed) throws IOException, InterruptedException {
    Tally tally = tallies.getFirst();
    try (Trial trial = tally.kind().open(equipment)) {
      judge(tally, trial, seed);
    }
    return tally;
  }

  private static void await(Future<?> job) throws IOException, InterruptedException {
    try {
      job.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private void work() throws IOException, InterruptedException {
    Map<Kind, Trial> trials = new EnumMap<>(Kind.class);
    try {
      List<Tally> open = new ArrayList<>(tallies);
      while (!open.isEmpty() && !stopped && !isTimeUp()) {
        Tally tally = open.stream().min(Comparator.comparingLong(Tally::nanos)).orElseThrow();
        long number = tally.begin(plan.cases);
        if (number < 0) {
          open.remove(tally);
          continue;
        }
        Kind kind = tally.kind();
        if (!trials.containsKey(kind)) {
          trials.put(kind, kind.open(equipment));
        }
        judge(tally, trials.get(kind), Seeds.of(plan.seed, kind, plan.shard.index(number)));
      }
    } catch (IOException e) {
      // Whoever stops a campaign may take its scratch folder away.
      if (!stopped) {
        throw e;
      }
    } finally {
      trials.values().forEach(Trial::close);
    }
  }

  private boolean isTimeUp() {
    Duration passed = Duration.ofNanos(System.nanoTime() - begun);
    return plan.time.filter(limit -> passed.compareTo(limit) >= 0).isPresent();
  }

  private void judge(Tally tally, Trial trial, long seed) throws IOException, InterruptedException {
    long start = System.nanoTime();
    note(tally.kind(), seed);
    Verdict verdict = trial.judge(seed);
    count(tally, seed, verdict, System.nanoTime() - start);
  }

  private synchronized void count(Tally tally, long seed, Verdict verdict, long nanos)
      throws IOException {
    if (stopped) {
      return;
    }
    switch (verdict) {
      case Verdict.Agrees(boolean underQemu) -> tally.agreed(underQemu);
      case Verdict.Discarded(String reason) -> tally.discarded(reason);
      case Verdict.Differs(Finding finding) -> {
        Path folder = reproducers.write(tally.kind(), seed, finding);
        Tally.Difference difference = new Tally.Difference(seed, finding.title(), folder);
        tally.differs(difference);
        listener.found(difference);
      }
    }
    tally.took(nanos);
    listener.judged(tallies);
  }

  /** For the case that takes this process down: scratch files outlive it. */
  private void note(Kind kind, long seed) throws IOException {
    Path file = equipment.scratch().resolve("running-" + Thread.currentThread().threadId());
    Files.writeString(file, "--kind " + kind.word() + " --case " + Seeds.text(seed) + "\n");
  }
}
