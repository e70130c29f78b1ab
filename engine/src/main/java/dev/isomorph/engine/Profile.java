package dev.isomorph.engine;

import dev.isomorph.codecache.TranslatedBlock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where harts were found, each time for the time since the hart was looked for before. Times are in
 * nanoseconds, summed up over harts.
 */
public final class Profile {
  private final Map<TranslatedBlock, TreeMap<Integer, Long>> code = new HashMap<>();
  private final Map<String, Long> stubs = new HashMap<>();
  private final Map<HartActivity, Long> activities = new EnumMap<>(HartActivity.class);
  private long samples;

  Profile() {}

  void addCode(TranslatedBlock block, int offset, long time) {
    code.computeIfAbsent(block, key -> new TreeMap<>()).merge(offset, time, Long::sum);
    samples++;
  }

  void addStub(String name, long time) {
    stubs.merge(name, time, Long::sum);
    samples++;
  }

  void add(HartActivity activity, long time) {
    activities.merge(activity, time, Long::sum);
    samples++;
  }

  /** Times in translations, by the offset of the host instruction that was next. */
  public Map<TranslatedBlock, TreeMap<Integer, Long>> code() {
    return code;
  }

  /** Times in the code by which emitted code is entered and left, by name. */
  public Map<String, Long> stubs() {
    return stubs;
  }

  /** Times elsewhere. */
  public Map<HartActivity, Long> activities() {
    return activities;
  }

  /** How often a hart was found. */
  public long samples() {
    return samples;
  }

  /** All times together. */
  public long total() {
    long sum = 0;
    for (TreeMap<Integer, Long> times : code.values()) {
      sum += sumOf(times.values());
    }
    return sum + sumOf(stubs.values()) + sumOf(activities.values());
  }

  private static long sumOf(Iterable<Long> times) {
    long sum = 0;
    for (long time : times) {
      sum += time;
    }
    return sum;
  }
}
