package dev.isomorph.conformance.campaign;

/** Numbers that cases are made from. */
final class Seeds {
  private static final int HEX = 16;

  private Seeds() {}

  /** The seed of the case with that index in a campaign; equal indices give equal seeds. */
  static long of(long campaign, Kind kind, long index) {
    return mix(mix(campaign + kind.word().hashCode()) + index);
  }

  /** The finishing step of SplitMix64: a bijection that leaves no pattern. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** A seed as people pass it on. */
  static String text(long seed) {
    return String.format("%016x", seed);
  }

  /**
   * Reads {@link #text}.
   *
   * @throws NumberFormatException if it is none
   */
  static long parse(String text) {
    return Long.parseUnsignedLong(text, HEX);
  }
}
