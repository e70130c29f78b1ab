package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many instructions are executed, the guest's and the host's for them, to the last one: emitted
 * code counts them (see {@link StretchCounter}). Not counted are the way from emitted code to Java
 * and back, and the counting.
 *
 * <p>Each hart has its own counters, so that none is ever added to by two threads.
 */
public final class ExecutionCounts {
  /** Counters a hart has room for; a block takes about one for each branch in it. */
  public static final int COUNTERS = 8 << 20;

  /**
   * What a translation has executed.
   *
   * @param pc guest address of its entry
   * @param isRegion whether it is no plain block
   * @param entries how often it was entered
   * @param guest guest instructions
   * @param hot host instructions in line
   * @param cold host instructions out of line
   */
  public record Translation(
      long pc, boolean isRegion, long entries, long guest, long hot, long cold) {
    /** Host instructions. */
    public long host() {
      return hot + cold;
    }
  }

  private final List<CountedCode> all = new ArrayList<>();

  /** What lies where, by host address; what has been overwritten is no longer here. */
  private final TreeMap<Long, CountedCode> places = new TreeMap<>();

  private long[] sums = new long[1024];
  private int counters;
  private long evaluated;

  /** Made by who wants to know. */
  public ExecutionCounts() {}

  /** Whether there were more stretches than counters; the counts are of no use then. */
  public synchronized boolean isExhausted() {
    return counters == COUNTERS;
  }

  List<CountedCode> codes() {
    return all;
  }

  synchronized int newCounter() {
    if (counters < COUNTERS) {
      counters++;
    }
    return counters - 1;
  }

  synchronized void add(CountedCode code, int length) {
    code.end(length);
    all.add(code);
    Map.Entry<Long, CountedCode> before = places.lowerEntry(code.origin());
    if (before != null && before.getKey() + before.getValue().length() > code.origin()) {
      places.remove(before.getKey());
    }
    places.subMap(code.origin(), code.origin() + length).clear();
    places.put(code.origin(), code);
  }

  /** Emitted code has faulted at a host address: the rest of its stretch is not executed. */
  public synchronized void faulted(long pc) {
    Map.Entry<Long, CountedCode> place = places.floorEntry(pc);
    if (place != null && pc < place.getKey() + place.getValue().length()) {
      place.getValue().faulted(pc);
    }
  }

  /** A guest instruction was executed without emitted code. */
  public synchronized void evaluated() {
    evaluated++;
  }

  /** Takes over what a hart's counters say; they start anew. The hart does not run meanwhile. */
  public synchronized void collect(HartState hart) {
    if (sums.length < counters) {
      sums = Arrays.copyOf(sums, Math.max(counters, 2 * sums.length));
    }
    for (int i = 0; i < counters; i++) {
      long counter = hart.address(RegisterFile.counter(i));
      long count = HostMemory.getLong(counter);
      if (count != 0) {
        sums[i] += count;
        HostMemory.putLong(counter, 0);
      }
    }
  }

  /** Guest instructions executed without emitted code. */
  public synchronized long evaluatedCount() {
    return evaluated;
  }

  /** All translations that have been executed, as far as collected. */
  public synchronized List<Translation> translations() {
    sums = Arrays.copyOf(sums, Math.max(counters, sums.length));
    List<Translation> result = new ArrayList<>();
    for (CountedCode code : all) {
      Translation total = code.total(sums);
      if (total.entries() != 0) {
        result.add(total);
      }
    }
    return result;
  }
}
