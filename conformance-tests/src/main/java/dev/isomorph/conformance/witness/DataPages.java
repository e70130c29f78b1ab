package dev.isomorph.conformance.witness;

import dev.isomorph.conformance.generate.Corners;
import dev.isomorph.conformance.golden.SparseMemory;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** What the data regions hold when a scenario starts: one of a few fixed fillings. */
public final class DataPages {
  /** Number of fillings; the first is all zeros. */
  public static final int VARIANTS = 8;

  private static final int PAGE = SparseMemory.PAGE;

  /** The addresses of the pages that are not code, in order. */
  private static final long[] PAGES =
      Layout.REGIONS.stream()
          .filter(region -> !region.rights().contains(Access.EXECUTE))
          .flatMapToLong(
              region ->
                  java.util.stream.LongStream.iterate(
                      region.address(), a -> a < region.end(), a -> a + PAGE))
          .toArray();

  /** Variants, then pages one after the other. */
  private static final byte[][] FILLINGS = fillings();

  private DataPages() {}

  static int count() {
    return PAGES.length;
  }

  static long address(int page) {
    return PAGES[page];
  }

  /** The address of a byte of the pages one after the other. */
  static long addressOf(int offset) {
    return PAGES[offset / PAGE] + offset % PAGE;
  }

  /** The bytes of all pages. */
  static byte[] filling(int variant) {
    return FILLINGS[variant];
  }

  private static byte[][] fillings() {
    byte[][] fillings = new byte[VARIANTS][PAGES.length * PAGE];
    Random random = new Random(1);
    Corners corners = new Corners(random);
    for (int variant = 1; variant < VARIANTS; variant++) {
      ByteBuffer buffer = ByteBuffer.wrap(fillings[variant]).order(ByteOrder.LITTLE_ENDIAN);
      while (buffer.hasRemaining()) {
        buffer.putLong(random.nextBoolean() ? corners.integer() : corners.anyFloat());
      }
    }
    return fillings;
  }
}
