package dev.isomorph.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether branches are easy to predict. Emitted code does not tell, so somebody who wants to know
 * that of some branches has a hart evaluated for some moments, once: at a single one it may be
 * where the branch goes one way for long, as in the first rows of a table. Only for who has the
 * turn.
 */
final class BranchWays {
  /** Branches that are kept; no others are wanted then. */
  private static final int MOST = 4096;

  /** Moments of a look at which one of its branches is come to. */
  private static final int MOMENTS = 4;

  /** Moments of a look, at most: the guest may be elsewhere. */
  private static final int MOST_MOMENTS = 8;

  private final Map<Long, Boolean> seen = new HashMap<>();

  /** Those of the present look. */
  private final Map<Long, Ways> wanted = new HashMap<>();

  private Hart wantedFrom;

  /** Moments of it that have been, and those with a branch. */
  private int moments;

  private int useful;

  /** Whether a branch has been come to at the present one. */
  private boolean isUseful;

  /** What a host's branch prediction would make of the ways a branch has gone. */
  private static final class Ways {
    /** The latest ways that tell the next one, as soon as the same have been before. */
    private static final int LONG = 12;

    /** Those that tell it till then. */
    private static final int SHORT = 6;

    private static final int SURE = 2;

    /**
     * The first ways, of which nobody knows anything: as many as a pattern takes to be seen twice.
     */
    private static final int FIRST = 24;

    /** Ways without which nothing is said. */
    private static final int LEAST = 64;

    /** One miss among so many is no more than a selection costs. */
    private static final int SELDOM = 16;

    /** By the latest ways, which one follows: taken if positive, not known if 0. */
    private final byte[] afterLong = new byte[1 << LONG];

    private final byte[] afterShort = new byte[1 << SHORT];
    private byte usual;
    private int latest;
    private int count;
    private int misses;

    void add(boolean isTaken) {
      int few = latest & afterShort.length - 1;
      if (count++ >= FIRST && expected(few) > 0 != isTaken) {
        misses++;
      }
      afterLong[latest] = towards(afterLong[latest], isTaken);
      afterShort[few] = towards(afterShort[few], isTaken);
      usual = towards(usual, isTaken);
      latest = (latest << 1 | (isTaken ? 1 : 0)) & afterLong.length - 1;
    }

    private int expected(int few) {
      if (afterLong[latest] != 0) {
        return afterLong[latest];
      }
      return afterShort[few] != 0 ? afterShort[few] : usual;
    }

    private static byte towards(byte sure, boolean isTaken) {
      return (byte) Math.clamp(sure + (isTaken ? 1 : -1), -SURE, SURE);
    }

    boolean areSteady() {
      return count >= LEAST && misses * SELDOM < count;
    }
  }

  /**
   * Has branches looked at the next times that a hart is sampled.
   *
   * @param branches guest addresses
   * @return whether that is worth waiting for: there is one that has not been looked at
   */
  boolean want(Set<Long> branches, Hart hart) {
    wanted.clear();
    moments = 0;
    useful = 0;
    isUseful = false;
    for (long branch : branches) {
      if (!seen.containsKey(branch) && seen.size() < MOST) {
        wanted.put(branch, new Ways());
      }
    }
    wantedFrom = hart;
    return !wanted.isEmpty();
  }

  /** Whether a hart is to be evaluated for a moment. */
  boolean isWanted(Hart hart) {
    return hart == wantedFrom && !wanted.isEmpty();
  }

  /**
   * An instruction has been evaluated; if it is a branch that is looked at, it was taken or not.
   */
  void add(long pc, boolean isTaken) {
    Ways ways = wanted.get(pc);
    if (ways != null) {
      ways.add(isTaken);
      isUseful = true;
    }
  }

  /** A moment has ended, and with the last one the look. */
  void looked() {
    moments++;
    useful += isUseful ? 1 : 0;
    isUseful = false;
    if (useful < MOMENTS && moments < MOST_MOMENTS) {
      return;
    }
    for (Map.Entry<Long, Ways> entry : wanted.entrySet()) {
      seen.put(entry.getKey(), entry.getValue().areSteady());
    }
    wanted.clear();
  }

  /** The branches among some that are easy to predict. */
  Set<Long> steady(Set<Long> branches) {
    Set<Long> found = new HashSet<>();
    for (long branch : branches) {
      if (seen.getOrDefault(branch, false)) {
        found.add(branch);
      }
    }
    return found;
  }
}
