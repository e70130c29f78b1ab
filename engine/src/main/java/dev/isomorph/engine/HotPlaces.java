package dev.isomorph.engine;

import dev.isomorph.decoder.Registers;
import dev.isomorph.translator.lift.RegionFinder;
import dev.isomorph.translator.lift.RegionOutline;
import java.util.HashMap;
import java.util.Map;

/**
 * The guest addresses at which code was found running, and which of them are hot. Only for who has
 * the turn.
 */
final class HotPlaces {
  /**
   * Samples, and so about milliseconds, that make an address hot, and as many again for each
   * further loop around it. Compiling a region takes as long while the JVM has not compiled the
   * compiler.
   */
  private static final int HOT = 16;

  /**
   * So many do if they are a good part of all there are meanwhile: a program that is found at the
   * same place again and again has little else to do.
   */
  private static final int FEW = 4;

  /** What part of all that is, at least: one in so many. */
  private static final int GOOD_PART = 4;

  /**
   * The same for what has been given up in an earlier run of the program: its work may be another
   * one by now, but mostly it will be given up again.
   */
  private static final int HOT_AGAIN = 8 * HOT;

  /**
   * Guest instructions of a large loop that are compiled in a millisecond, and so are worth a
   * sample, as long as the JVM has not compiled the compiler.
   */
  private static final int IN_A_MILLISECOND = 10;

  /** Addresses that are kept; beyond that all are to be forgotten. */
  private static final int MOST = 4096;

  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  private final boolean areHotAtOnce;
  private final Map<Long, Place> places = new HashMap<>();

  /** Samples at all places so far. */
  private int all;

  /** A guest address at which code was found running. */
  static final class Place {
    final long pc;
    private int samples;

    /** All there have been here. */
    private int total;

    /** How many make it hot. */
    private int needed = HOT;

    /** All there had been when counting began here. */
    private int since;

    /** What registers held at them. */
    final SteadyRegisters registers = new SteadyRegisters();

    /** How many loops around it have been seen to. */
    int level;

    /** Whether all have been. */
    boolean done;

    /** Whether somebody is looking for the next. */
    boolean isBusy;

    Place(long pc) {
      this.pc = pc;
    }

    /**
     * @param all how many samples there have been at all places
     */
    private boolean isHot(int all) {
      return samples >= needed
          || needed == HOT && samples >= FEW && samples * GOOD_PART >= all - since;
    }

    /** The next sample makes it hot. */
    void comeBackSoon() {
      samples = HOT;
    }

    /** All is to be seen to once more, when it has been hot for long. */
    void startAgainLate() {
      level = 0;
      needed = HOT_AGAIN;
    }
  }

  /**
   * @param areHotAtOnce whether a single sample will do
   */
  HotPlaces(boolean areHotAtOnce) {
    this.areHotAtOnce = areHotAtOnce;
  }

  /**
   * Guest code was found at the hart's pc.
   *
   * @return what is hot, with something to be seen to; null if nothing is
   */
  Place sample(Hart hart, int mode) {
    Place place = at(hart.pc(), mode);
    if (place.done && !areHotAtOnce) {
      // Perhaps it is part of a loop by being called there.
      place = at(hart.x(Registers.RA) & -2, mode);
    }
    all++;
    if (place.done || place.isBusy) {
      return null;
    }
    if (place.pc == hart.pc()) {
      place.registers.add(hart);
    }
    place.samples++;
    place.total++;
    if (!place.isHot(all) && !areHotAtOnce) {
      return null;
    }
    place.samples = 0;
    place.since = all;
    place.needed = HOT;
    return place;
  }

  /**
   * Whether a loop has been found running for about as long as compiling it takes, if that is long.
   */
  boolean isWorth(RegionOutline loop, int mode) {
    if (areHotAtOnce || !RegionFinder.isLarge(loop)) {
      return true;
    }
    int found = 0;
    for (long pc : loop.addresses()) {
      Place place = places.get(key(pc, mode));
      found += place == null ? 0 : place.total;
    }
    return found * IN_A_MILLISECOND >= loop.instructionCount();
  }

  /** What is known of an address. */
  Place at(long pc, int mode) {
    long key = key(pc, mode);
    Place place = places.get(key);
    if (place == null) {
      place = new Place(pc);
      place.since = all;
      places.put(key, place);
    }
    return place;
  }

  /** Whether they are more than can be kept. */
  boolean areMany() {
    return places.size() > MOST;
  }

  void clear() {
    places.clear();
  }

  /** That different code has the same one is rare, and only costs a region. */
  static long key(long pc, int mode) {
    return pc + mode * SPREAD;
  }
}
