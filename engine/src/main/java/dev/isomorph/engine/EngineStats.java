package dev.isomorph.engine;

/** Counters of an engine's work, for people. */
public final class EngineStats {
  long blocks;
  long improved;
  long putTogether;
  long moved;
  long revived;
  long regions;
  long regionsRevived;
  long regionsDropped;
  long guestInstructions;
  long guestBytes;
  long hostBytes;
  long nanoseconds;
  long backgroundNanoseconds;
  long dispatches;
  long links;
  long lookups;
  long evaluated;
  long faults;
  long misses;
  long aliases;
  long invalidated;

  EngineStats() {}

  /** Blocks translated, retranslations included. */
  public long blocks() {
    return blocks;
  }

  /** Translations put together quickly from the code of single instructions. */
  public long putTogether() {
    return putTogether;
  }

  /** Blocks translated again, and well, since they were executed often. */
  public long improved() {
    return improved;
  }

  /** Blocks that had been translated for other addresses and were not translated again. */
  public long moved() {
    return moved;
  }

  /** Blocks that had been translated before and were kept. */
  public long revived() {
    return revived;
  }

  /** Loops compiled as a whole. */
  public long regions() {
    return regions;
  }

  /** Regions that had been compiled before and were kept. */
  public long regionsRevived() {
    return regionsRevived;
  }

  /** Those of both that were given up, since they were entered too often. */
  public long regionsDropped() {
    return regionsDropped;
  }

  /** Guest instructions in them. */
  public long guestInstructions() {
    return guestInstructions;
  }

  /** Bytes of guest code in them. */
  public long guestBytes() {
    return guestBytes;
  }

  /** Bytes of host code made. */
  public long hostBytes() {
    return hostBytes;
  }

  /** Time spent translating, in nanoseconds. */
  public long nanoseconds() {
    return nanoseconds;
  }

  /** Time spent on regions by a thread of its own, in nanoseconds. */
  public long backgroundNanoseconds() {
    return backgroundNanoseconds;
  }

  /** How often host code was entered from Java. */
  public long dispatches() {
    return dispatches;
  }

  /** Direct jumps linked. */
  public long links() {
    return links;
  }

  /** Indirect jumps the jump cache did not know. */
  public long lookups() {
    return lookups;
  }

  /** Instructions run by the evaluator. */
  public long evaluated() {
    return evaluated;
  }

  /** On a machine: pages entered in the tables that emitted code looks in. */
  public long misses() {
    return misses;
  }

  /** How often pages of a machine have been given aliases, several at once mostly. */
  public long aliases() {
    return aliases;
  }

  /** Faults of emitted code. */
  public long faults() {
    return faults;
  }

  /** Translations dropped because their code changed. */
  public long invalidated() {
    return invalidated;
  }
}
