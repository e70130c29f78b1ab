package dev.isomorph.conformance.campaign;

/**
 * The part of a campaign that one of several machines does.
 *
 * @param number 1 to {@code count}
 */
record Shard(int number, int count) {
  static final Shard WHOLE = new Shard(1, 1);

  /**
   * Reads {@code number/count}.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  static Shard parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length == 2) {
      try {
        Shard shard = new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        if (shard.number >= 1 && shard.number <= shard.count) {
          return shard;
        }
      } catch (NumberFormatException e) {
        // Told below.
      }
    }
    throw new IllegalArgumentException("not of the form i/n with 1 <= i <= n: " + text);
  }

  /** The index in the whole campaign of this part's case {@code i}. */
  long index(long i) {
    return i * count + number - 1;
  }

  @Override
  public String toString() {
    return number + "/" + count;
  }
}
