package dev.isomorph.tools.suite;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * One of several parts of a suite or a campaign. A test's part depends on its name alone, so that
 * it stays the same when others come and go.
 *
 * @param number from 1 to {@code count}
 */
public record Shard(int number, int count) {
  /** All of it. */
  public static final Shard WHOLE = new Shard(1, 1);

  /**
   * Reads {@code i/n}.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static Shard parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length == 2 && parts[0].matches("\\d{1,6}") && parts[1].matches("\\d{1,6}")) {
      Shard shard = new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      if (shard.number >= 1 && shard.number <= shard.count) {
        return shard;
      }
    }
    throw new IllegalArgumentException("--shard needs i/n with i from 1 to n, not " + text);
  }

  /** The index, among all cases of a campaign, of this part's case {@code i}, both from 0. */
  public long index(long i) {
    return i * count + number - 1;
  }

  boolean has(String name) {
    CRC32 hash = new CRC32();
    hash.update(name.getBytes(StandardCharsets.UTF_8));
    return hash.getValue() % count == number - 1;
  }

  @Override
  public String toString() {
    return number + "/" + count;
  }
}
