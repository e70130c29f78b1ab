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

  /** The same for one that is made for being entered often. */
  private static final int LEAST_BUSY_STAY = 4;

  /** How many entries it counts as if an access faults for good. */
  private static final int STRAY = 128;

  private final CodeCache cache;
  private final EngineStats stats;
  private final Trial[] trials = new Trial[RegisterFile.ENTRY_COUNTERS];
  private int next;

  /** What is to be done when a region is given up. */
  interface End {
    /**
     * @param astray whether it was since it has gone where nothing is
     */
    void givenUp(boolean astray);
  }

  private static final class Trial {
    final TranslatedBlock region;
    final int leastStay;
    final End end;
    boolean astray;

    Trial(TranslatedBlock region, int leastStay, End end) {
      this.region = region;
      this.leastStay = leastStay;
      this.end = end;
    }
  }

  RegionTrials(CodeCache cache, EngineStats stats) {
    this.cache = cache;
    this.stats = stats;
  }

  /** Which of the {@link RegisterFile#entries} the next region counts its entries by. */
  int nextCounter() {
    return next;
  }

  /**
   * Watches a region that counts by {@link #nextCounter}.
   *
   * @param isBusy whether it is made for being entered often
   */
  void add(TranslatedBlock region, boolean isBusy, End end) {
    trials[next] = new Trial(region, isBusy ? LEAST_BUSY_STAY : LEAST_STAY, end);
    next = (next + 1) % trials.length;
  }

  /** A region has been left since it has gone where nothing is. */
  void strayed(Hart hart, TranslatedBlock region) {
    for (int i = 0; i < trials.length; i++) {
      if (trials[i] != null && trials[i].region == region) {
        trials[i].astray = true;
        long counter = hart.state().address(RegisterFile.entries(i));
        HostMemory.putInt(counter, HostMemory.getInt(counter) + STRAY);
      }
    }
  }

  /** Judges by what a hart has entered since the last time. */
  void judge(Hart hart) {
    long now = System.nanoTime();
    long passed = now - hart.judgedAt;
    hart.judgedAt = now;
    for (int i = 0; i < trials.length; i++) {
      int entries = HostMemory.getInt(hart.state().address(RegisterFile.entries(i)));
      int since = entries - hart.entriesSeen[i];
      hart.entriesSeen[i] = entries;
      Trial trial = trials[i];
      if (trial != null && since > passed / trial.leastStay && trial.region.isLive()) {
        cache.remove(trial.region);
        trials[i] = null;
        stats.regionsDropped++;
        trial.end.givenUp(trial.astray);
      }
    }
  }
}
