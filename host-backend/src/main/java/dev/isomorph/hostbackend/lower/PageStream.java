package dev.isomorph.hostbackend.lower;

/**
 * What accesses of a loop have in common that go through memory in one direction: their address
 * only rises or only falls from one round of the loop to the next, or stays. The page they were in
 * last is kept in the register file, so that they only have to see whether they have come to its
 * end ({@link PageStreamCode}).
 *
 * @param index of its place in the register file; {@link #FIRST_FALLING} and above are for those
 *     that fall
 * @param first displacement of the first byte that any of them accesses
 * @param end displacement of the end of what they access
 */
public record PageStream(int index, int first, int end) {
  /** How many a region may have. */
  public static final int COUNT = 16;

  /** As many of them rise or stay. */
  public static final int FIRST_FALLING = 12;

  /** The farthest {@link #first} and {@link #end} may be from the address. */
  public static final int FARTHEST = 1 << 11;

  /** How far the address may move from one access to the next. */
  public static final int LONGEST_STEP = 1 << 11;

  /** Whether the address never falls; else it never rises. */
  boolean rises() {
    return rises(index);
  }

  static boolean rises(int index) {
    return index < FIRST_FALLING;
  }
}
