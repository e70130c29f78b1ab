package dev.isomorph.hostbackend.lower;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the code of a region depends on where it lies, and on what it is counted by: besides its
 * references to the stubs, which blocks have, too.
 *
 * @param addresses offsets of host addresses of its own, 8 bytes each
 * @param counters offsets of the displacements of its counter of entries, 4 bytes each
 */
public record RegionFields(int[] addresses, int[] counters) {
  /**
   * Puts code to another place.
   *
   * @param shift how much farther it lies
   * @param counter which of the {@link RegisterFile#entries} it counts by from now on
   */
  public void move(byte[] code, long shift, int counter) {
    ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
    for (int at : addresses) {
      bytes.putLong(at, bytes.getLong(at) + shift);
    }
    for (int at : counters) {
      bytes.putInt(at, RegisterFile.entries(counter));
    }
  }
}
