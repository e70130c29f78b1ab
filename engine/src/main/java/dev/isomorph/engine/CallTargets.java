package dev.isomorph.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which functions indirect calls call. Emitted code does not tell, so somebody who wants to know
 * that of some calls has a hart evaluated for a moment. Only for who has the turn.
 */
final class CallTargets {
  /** Looks at the same calls. */
  private static final int MOST_LOOKS = 3;

  /** Looks at all. */
  private static final int MOST_IN_ALL = 100;

  /** Targets of one call that are told. */
  private static final int MOST_TARGETS = 8;

  /** Calls of another target, at least, among so many of them. */
  private static final int SELDOM = 32;

  /** How often each target has been called, by call. */
  private final Map<Long, Map<Long, Integer>> seen = new HashMap<>();

  private final Set<Long> wanted = new HashSet<>();
  private Hart wantedFrom;
  private int looks;
  private int looksInAll;

  /**
   * Has calls looked at when a hart is sampled next.
   *
   * @param calls guest addresses
   * @return whether that is worth waiting for: there is one that has not been looked at
   */
  boolean want(List<Long> calls, Hart hart) {
    looks = wanted.isEmpty() ? 0 : looks;
    boolean isNew = false;
    for (long call : calls) {
      if (looksInAll < MOST_IN_ALL && !seen.containsKey(call)) {
        wanted.add(call);
        isNew = true;
      }
    }
    wantedFrom = isNew ? hart : wantedFrom;
    return isNew;
  }

  /** Whether a hart is to be evaluated for a moment. */
  boolean isWanted(Hart hart) {
    return hart == wantedFrom && !wanted.isEmpty();
  }

  /** A call has been made. */
  void add(long call, long target) {
    // No lambdas: the guest waits, and to link them takes longer than all else here.
    Map<Long, Integer> counts = seen.get(call);
    if (counts == null) {
      counts = new HashMap<>();
      seen.put(call, counts);
    }
    counts.put(target, counts.getOrDefault(target, 0) + 1);
    wanted.remove(call);
  }

  /** A look has ended; what it has not come to is left when that has been so several times. */
  void looked() {
    looksInAll++;
    if (++looks >= MOST_LOOKS || looksInAll >= MOST_IN_ALL) {
      for (long call : wanted) {
        seen.put(call, new HashMap<>());
      }
      wanted.clear();
    }
  }

  /** Forgets what has been seen of calls: they may lead elsewhere by now. */
  void forget(List<Long> calls) {
    for (long call : calls) {
      seen.remove(call);
    }
  }

  /** The targets of a call, the most frequent one first. */
  List<Long> of(long call) {
    Map<Long, Integer> counts = seen.getOrDefault(call, Map.of());
    int calls = 0;
    for (int count : counts.values()) {
      calls += count;
    }
    List<Long> found = new ArrayList<>();
    for (Map.Entry<Long, Integer> target : counts.entrySet()) {
      if (target.getValue() * SELDOM >= calls) {
        found.add(target.getKey());
      }
    }
    found.sort(
        (one, two) -> {
          int byCount = Integer.compare(counts.get(two), counts.get(one));
          return byCount != 0 ? byCount : Long.compareUnsigned(one, two);
        });
    return found.size() > MOST_TARGETS ? found.subList(0, MOST_TARGETS) : found;
  }
}
