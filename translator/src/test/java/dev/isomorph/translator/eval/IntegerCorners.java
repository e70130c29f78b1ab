package dev.isomorph.translator.eval;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Integers at which operations of 8 to 64 bits tend to go wrong. */
final class IntegerCorners {
  static final Long[] CORNERS = {
    0L,
    1L,
    2L,
    31L,
    32L,
    33L,
    63L,
    64L,
    65L,
    -1L,
    -2L,
    0x7fL,
    0x80L,
    0xffL,
    0x7fffL,
    0x8000L,
    0xffffL,
    0x7fff_ffffL,
    0x8000_0000L,
    0x8000_0001L,
    0xffff_ffffL,
    0x1_0000_0000L,
    0xffff_ffff_0000_0000L,
    0xffff_ffff_7fff_ffffL,
    0xffff_ffff_8000_0000L,
    0x0102_0408_1020_4080L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1
  };

  private IntegerCorners() {}

  /** Any integers, many of them corners or near one. */
  static Arbitrary<Long> values() {
    Arbitrary<Long> corners = Arbitraries.of(Arrays.asList(CORNERS));
    Arbitrary<Long> near =
        corners.flatMap(corner -> Arbitraries.longs().between(-2, 2).map(d -> corner + d));
    return Arbitraries.oneOf(corners, near, Arbitraries.longs());
  }
}
