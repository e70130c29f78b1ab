package dev.isomorph.engine;

import dev.isomorph.codecache.CodeCache;
import dev.isomorph.codecache.TranslatedBlock;
import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.RegisterFile;

/**
 * Watches how often the newest regions are entered. One that is entered so often that moving
 * registers at its edges costs more than it brings inside is given up: a loop that is short, or
 * mostly left in its middle. A recursive function is given up if it is left so often where it
 * neither calls nor returns.
 */
final class RegionTrials {
  /** How long a stay in a region lasts at least to be worth it, in nanoseconds. */
  private static final int LEAST_STAY = 100;

  private final CodeCache cache;
  private final EngineStats stats;
  private final Trial[] trials = new Trial[RegisterFile.ENTRY_COUNTERS];
  private int next;

  private record Trial(TranslatedBlock region, Runnable whenGivenUp) {}

  RegionTrials(CodeCache cache, EngineStats stats) {
    this.cache = cache;
    this.stats = stats;
  }

  /** Which of the {@link RegisterFile#entries} the next region counts its entries by. */
  int nextCounter() {
    return next;
  }

  /** Watches a region that counts by {@link #nextCounter}. */
  void add(TranslatedBlock region, Runnable whenGivenUp) {
    trials[next] = new Trial(region, whenGivenUp);
    next = (next + 1) % trials.length;
  }

  /** Judges by what a hart has entered since the last time. */
  void judge(Hart hart) {
    long now = System.nanoTime();
    long most = (now - hart.judgedAt) / LEAST_STAY;
    hart.judgedAt = now;
    for (int i = 0; i < trials.length; i++) {
      int entries = HostMemory.getInt(hart.state().address(RegisterFile.entries(i)));
      int since = entries - hart.entriesSeen[i];
      hart.entriesSeen[i] = entries;
      Trial trial = trials[i];
      if (trial != null && since > most && trial.region().isLive()) {
        cache.remove(trial.region());
        trials[i] = null;
        stats.regionsDropped++;
        trial.whenGivenUp().run();
      }
    }
  }
}
