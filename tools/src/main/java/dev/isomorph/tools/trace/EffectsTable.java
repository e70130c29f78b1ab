package dev.isomorph.tools.trace;

/**
 * What instructions do, by their encodings, without working it out anew each time. It has room for
 * a program's inner loops, and what has gone from it is worked out again: machines run for days.
 */
final class EffectsTable {
  private static final int BITS = 14;

  /** Multiplied by it, encodings that differ in a few bits lie far apart (Knuth's hashing). */
  private static final int SPREAD = 0x9e3779b9;

  private final int[] encodings = new int[1 << BITS];
  private final Effects[] effects = new Effects[1 << BITS];

  /** What an instruction does, wherever it is. */
  Effects of(int encoding) {
    int row = encoding * SPREAD >>> Integer.SIZE - BITS;
    Effects known = effects[row];
    if (known == null || encodings[row] != encoding) {
      known = Effects.of(encoding, 0);
      encodings[row] = encoding;
      effects[row] = known;
    }
    return known;
  }
}
