package dev.isomorph.tools.bench;

import dev.isomorph.tools.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs jobs and takes their times. */
final class Measurement {
  private final int runs;
  private final Timer timer;
  private final BenchProgress progress;

  /** The launcher that counts instructions, null if none are to be counted. */
  private final String counter;

  private final int unmeasured;
  private int waited;

  /**
   * @param unmeasured runs of Isomorph before, for what it keeps of them
   */
  Measurement(int runs, int unmeasured, Timer timer, BenchProgress progress, String counter) {
    this.runs = runs;
    this.unmeasured = unmeasured;
    this.timer = timer;
    this.progress = progress;
    this.counter = counter;
  }

  /**
   * Runs a job on each machine so many times, by turns, so that what else the computer does hits
   * all of them alike.
   */
  Result measure(Job job) throws IOException, InterruptedException {
    List<Machine> machines = new ArrayList<>(job.commands().keySet());
    Map<Machine, List<Timer.Run>> all = new LinkedHashMap<>();
    machines.forEach(machine -> all.put(machine, new ArrayList<>()));
    for (int i = 0; i < unmeasured; i++) {
      progress.show(job.benchmark().name(), "isomorph, not timed", i + 1, unmeasured);
      timer.run(job.commands().get(Machine.ISOMORPH));
    }
    Timer.Run first = null;
    for (int i = 0; i < runs; i++) {
      for (int k = 0; k < machines.size(); k++) {
        Machine machine = machines.get((i + k) % machines.size());
        progress.show(job.benchmark().name(), machine.name(), i + 1, runs);
        Timer.Run run = timer.run(job.commands().get(machine));
        boolean comparable = job.sameEverywhere() || machine.kind() != Machine.Kind.NATIVE;
        if (first == null && comparable) {
          first = run;
        }
        if (run.status() < 0 || comparable && !run.sameResult(first)) {
          return Result.failed(
              job.benchmark(), "DIFFERENT: under " + machine.name() + " " + run.outcome());
        }
        if (run.waited() && machine.kind() == Machine.Kind.NATIVE) {
          waited++;
        }
        all.get(machine).add(run);
      }
    }
    return Result.of(job.benchmark(), all, count(job));
  }

  /** Native runs that had to wait: others used the processor. */
  int waited() {
    return waited;
  }

  /** Host instructions for each guest instruction that translations execute; NaN if unknown. */
  private double count(Job job) throws IOException, InterruptedException {
    if (counter == null) {
      return Double.NaN;
    }
    progress.show(job.benchmark().name(), "counting instructions", 1, 1);
    Path file = Files.createTempFile("isomorph-bench", ".json");
    try {
      List<String> command = new ArrayList<>(List.of(counter, "run", "--stats=dynamic:" + file));
      command.addAll(job.counted());
      timer.run(command);
      double guest = 0;
      double host = 0;
      for (String line : Files.readAllLines(file)) {
        Map<?, ?> counts = (Map<?, ?>) JsonReader.read(line);
        guest += number(counts, "guest") - number(counts, "evaluated");
        host += number(counts, "host");
      }
      return guest == 0 ? Double.NaN : host / guest;
    } finally {
      Files.delete(file);
    }
  }

  private static double number(Map<?, ?> counts, String key) {
    return ((Number) counts.get(key)).doubleValue();
  }
}
