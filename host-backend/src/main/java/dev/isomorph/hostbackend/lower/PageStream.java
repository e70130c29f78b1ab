package dev.isomorph.hostbackend.lower;

import java.util.List;

/**
 * What accesses of a loop have in common that are likely to be in one page, since they are by one
 * address that moves little. The page they were in last is kept in the register file, so that they
 * only have to see whether they are still in it ({@link PageStreamCode}).
 *
 * @param index of its place in the register file, which tells its {@link #way}
 * @param first displacement of the first byte that any of them accesses
 * @param end displacement of the end of what they access
 */
public record PageStream(int index, int first, int end) {
  /** How many a region may have. */
  public static final int COUNT = 64;

  /** The register file has room for the streams of so many regions, a power of two. */
  static final int SETS_SHIFT = 4;

  static final int SETS = 1 << SETS_SHIFT;

  /** Spreads addresses of regions over the sets. */
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  /** The farthest {@link #first} and {@link #end} may be from the address. */
  public static final int FARTHEST = 1 << 11;

  /** How far the address may move from one access to the next, if it goes one way. */
  public static final int LONGEST_STEP = 1 << 11;

  /** Where an address goes from one round of the loop to the next. */
  public enum Way {
    /** It never falls. */
    UP(0),
    /** It never rises. */
    DOWN(12),
    /** Nothing is known. */
    ANY(16),
    /**
     * Nothing is known, and the stream has a zone of {@link Aliases}, which loads and stores share.
     */
    FAR(32),
    /**
     * It stays as long as its loop runs; or it goes one way, and no round is without an access, so
     * that it cannot get beyond its zone without a fault. It is looked at only where the loop is
     * entered.
     */
    STEADY(48);

    private final int first;

    Way(int first) {
      this.first = first;
    }

    /** Index of the first stream that goes this way. */
    public int first() {
      return first;
    }

    /** The index behind those of all streams that go this way. */
    public int end() {
      return this == STEADY ? COUNT : values()[ordinal() + 1].first;
    }
  }

  private static final List<Way> WAYS = List.of(Way.values());

  /** Which set of streams is that of the region at a guest address. */
  static int setOf(long pc) {
    return (int) (pc * SPREAD >>> Long.SIZE - SETS_SHIFT);
  }

  /** Whether it has a zone of {@link Aliases}, no page. */
  boolean hasZone() {
    return index >= Way.FAR.first;
  }

  /** The way of this one. */
  public Way way() {
    return way(index);
  }

  static Way way(int index) {
    Way found = Way.UP;
    for (Way way : WAYS) {
      found = index >= way.first ? way : found;
    }
    return found;
  }
}
