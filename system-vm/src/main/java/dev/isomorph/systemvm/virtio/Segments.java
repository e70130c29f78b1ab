package dev.isomorph.systemvm.virtio;

import java.util.Arrays;

/** Pieces of RAM that together are one run of bytes. */
final class Segments {
  /** Takes a piece: where it is and what part of the whole run asked for. */
  interface Piece {
    void at(long address, int done, int bytes);
  }

  private long[] addresses = new long[4];
  private long[] ends = new long[4];
  private int count;

  void add(long address, long length) {
    if (length == 0) {
      return;
    }
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    addresses[count] = address;
    ends[count] = total() + length;
    count++;
  }

  /** Bytes of all pieces. */
  long total() {
    return count == 0 ? 0 : ends[count - 1];
  }

  int count() {
    return count;
  }

  long address(int index) {
    return addresses[index];
  }

  long length(int index) {
    return ends[index] - (index == 0 ? 0 : ends[index - 1]);
  }

  /** Goes through the pieces of {@code length} bytes from {@code position} on. */
  void forEach(long position, int length, Piece piece) {
    if (position < 0 || length > total() - position) {
      throw new BadChain("a buffer of " + total() + " bytes is too short");
    }
    int index = 0;
    int done = 0;
    while (done < length) {
      long at = position + done;
      while (ends[index] <= at) {
        index++;
      }
      int bytes = (int) Math.min(length - done, ends[index] - at);
      piece.at(addresses[index] + length(index) - (ends[index] - at), done, bytes);
      done += bytes;
    }
  }
}
