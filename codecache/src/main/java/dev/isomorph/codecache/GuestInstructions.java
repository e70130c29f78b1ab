package dev.isomorph.codecache;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.lift.CodeSource;
import java.util.Arrays;

/**
 * The guest instructions that a translation was made from. A process may have a million
 * translations, and nearly all are of instructions that lie one behind the other.
 */
abstract sealed class GuestInstructions {
  static final int PAGE_SHIFT = 12;

  /** The same instructions, kept as they take the least room. */
  static GuestInstructions of(long[] pcs, int[] encodings) {
    for (int i = 1; i < pcs.length; i++) {
      if (pcs[i] != pcs[i - 1] + Instruction.lengthOf(encodings[i - 1]) || pcs[i] == 0) {
        return new Scattered(pcs, encodings);
      }
    }
    return new Consecutive(pcs, encodings);
  }

  abstract int count();

  /** The addresses of all. */
  abstract long[] pcs();

  /** The encodings of all. */
  abstract int[] encodings();

  /** Address of instruction {@code index}; all of them are had faster together. */
  abstract long pc(int index);

  /** Encoding of instruction {@code index}; all of them are had faster together. */
  abstract int encoding(int index);

  /** Bytes of all instructions. */
  abstract int bytes();

  /** Whether an instruction lies, even partly, in addresses [start, end), unsigned. */
  abstract boolean overlaps(long start, long end);

  abstract boolean areIn(CodeSource code);

  /** The numbers of the pages they are in, each once, the first one's first. */
  abstract long[] pages();

  /** Whether bytes {@code first} to {@code last} are partly in addresses [start, end), unsigned. */
  private static boolean overlap(long first, long last, long start, long end) {
    return Long.compareUnsigned(first, end) < 0 && Long.compareUnsigned(last, start) >= 0;
  }

  /** One behind the other. */
  private static final class Consecutive extends GuestInstructions {
    private final long first;

    /** All of them. */
    private final char[] parcels;

    private final int count;

    Consecutive(long[] pcs, int[] encodings) {
      count = pcs.length;
      first = count == 0 ? 0 : pcs[0];
      int size = 0;
      for (int encoding : encodings) {
        size += parcels(encoding);
      }
      parcels = new char[size];
      int at = 0;
      for (int encoding : encodings) {
        parcels[at] = (char) encoding;
        if (parcels(encoding) == 2) {
          parcels[at + 1] = (char) (encoding >>> Short.SIZE);
        }
        at += parcels(encoding);
      }
    }

    private static int parcels(int encoding) {
      return Instruction.lengthOf(encoding) / Short.BYTES;
    }

    private int encodingAt(int parcel) {
      int low = parcels[parcel];
      return parcels(low) == 1 ? low : parcels[parcel + 1] << Short.SIZE | low;
    }

    private int parcelOf(int index) {
      int at = 0;
      for (int i = 0; i < index; i++) {
        at += parcels(parcels[at]);
      }
      return at;
    }

    @Override
    int count() {
      return count;
    }

    @Override
    long[] pcs() {
      long[] pcs = new long[count];
      int at = 0;
      for (int i = 0; i < count; i++) {
        pcs[i] = first + (long) Short.BYTES * at;
        at += parcels(parcels[at]);
      }
      return pcs;
    }

    @Override
    int[] encodings() {
      int[] encodings = new int[count];
      int at = 0;
      for (int i = 0; i < count; i++) {
        encodings[i] = encodingAt(at);
        at += parcels(encodings[i]);
      }
      return encodings;
    }

    @Override
    long pc(int index) {
      return first + (long) Short.BYTES * parcelOf(index);
    }

    @Override
    int encoding(int index) {
      return encodingAt(parcelOf(index));
    }

    @Override
    int bytes() {
      return Short.BYTES * parcels.length;
    }

    @Override
    boolean overlaps(long start, long end) {
      return count > 0 && overlap(first, first + bytes() - 1, start, end);
    }

    @Override
    boolean areIn(CodeSource code) {
      for (int at = 0; at < parcels.length; ) {
        int encoding = encodingAt(at);
        if (!code.holds(first + (long) Short.BYTES * at, encoding)) {
          return false;
        }
        at += parcels(encoding);
      }
      return true;
    }

    @Override
    long[] pages() {
      long[] pages =
          new long[(int) ((first + bytes() - 1 >>> PAGE_SHIFT) - (first >>> PAGE_SHIFT)) + 1];
      for (int i = 0; i < pages.length; i++) {
        pages[i] = (first >>> PAGE_SHIFT) + i;
      }
      return pages;
    }
  }

  /** Anywhere. */
  private static final class Scattered extends GuestInstructions {
    private final long[] pcs;
    private final int[] encodings;

    Scattered(long[] pcs, int[] encodings) {
      this.pcs = pcs;
      this.encodings = encodings;
    }

    @Override
    int count() {
      return pcs.length;
    }

    @Override
    long[] pcs() {
      return pcs.clone();
    }

    @Override
    int[] encodings() {
      return encodings.clone();
    }

    @Override
    long pc(int index) {
      return pcs[index];
    }

    @Override
    int encoding(int index) {
      return encodings[index];
    }

    private long last(int index) {
      return pcs[index] + Instruction.lengthOf(encodings[index]) - 1;
    }

    @Override
    int bytes() {
      int bytes = 0;
      for (int encoding : encodings) {
        bytes += Instruction.lengthOf(encoding);
      }
      return bytes;
    }

    @Override
    boolean overlaps(long start, long end) {
      for (int i = 0; i < pcs.length; i++) {
        if (overlap(pcs[i], last(i), start, end)) {
          return true;
        }
      }
      return false;
    }

    @Override
    boolean areIn(CodeSource code) {
      for (int i = 0; i < pcs.length; i++) {
        if (!code.holds(pcs[i], encodings[i])) {
          return false;
        }
      }
      return true;
    }

    @Override
    long[] pages() {
      long[] found = new long[2];
      int count = 0;
      long before = -1;
      for (int i = 0; i < pcs.length; i++) {
        long first = pcs[i] >>> PAGE_SHIFT;
        long last = last(i) >>> PAGE_SHIFT;
        if (first == before && last == before) {
          continue;
        }
        before = last;
        for (long page = first; page <= last; page++) {
          if (!contains(found, count, page)) {
            if (count == found.length) {
              found = Arrays.copyOf(found, 2 * count);
            }
            found[count++] = page;
          }
        }
      }
      return Arrays.copyOf(found, count);
    }

    private static boolean contains(long[] pages, int count, long page) {
      for (int i = count - 1; i >= 0; i--) {
        if (pages[i] == page) {
          return true;
        }
      }
      return false;
    }
  }
}
