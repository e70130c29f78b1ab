package dev.isomorph.conformance.generate;

import dev.isomorph.conformance.golden.Format;
import java.util.Random;

/** Random values with a preference for those at which instructions change their behaviour. */
public final class Corners {
  private static final long[] INTEGERS = {
    0,
    1,
    2,
    -1,
    -2,
    31,
    32,
    63,
    64,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0x8000_0000L,
    0xffff_fffeL,
    0xffff_ffffL,
    0x1_0000_0000L,
    -0x1_0000_0000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    0x5555_5555_5555_5555L,
    0x0102_0408_1020_4080L,
  };

  private static final long[] EXTREMES = {
    0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE
  };

  private static final double[] DOUBLES = {
    0.0,
    0.5,
    0.49999999999999994,
    1.0,
    1.5,
    2.0,
    2.5,
    3.0,
    0x1p31,
    0x1p31 - 0.5,
    0x1p31 - 1,
    0x1p31 + 0.5,
    0x1p31 + 1,
    0x1p32,
    0x1p32 - 0.5,
    0x1p32 - 1,
    0x1p52,
    0x1p53,
    0x1p63,
    0x1.fffffffffffffp62,
    0x1.0000000000001p63,
    0x1p64,
    0x1.fffffffffffffp63,
    0x1p-126,
    0x1p-149,
    0x1p-150,
    0x1.fffffep127,
    0x1.ffffffp127,
    0x1p128,
    65504,
    65519.99,
    65520,
    0x1p-14,
    0x1p-24,
    0x1p-25,
    Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
  };

  private static final int DOUBLE_FRACTION = 52;
  private static final int SINGLE_FRACTION = 23;
  private static final int HALF_FRACTION = 10;

  private final Random random;

  public Corners(Random random) {
    this.random = random;
  }

  /** An integer register's value. */
  public long integer() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> INTEGERS[random.nextInt(INTEGERS.length)];
      case 3 -> INTEGERS[random.nextInt(INTEGERS.length)] + random.nextInt(5) - 2;
      case 4 -> 1L << random.nextInt(64);
      case 5 -> random.nextLong() >> random.nextInt(64);
      case 6 -> random.nextLong() >>> random.nextInt(64);
      default -> random.nextLong();
    };
  }

  /** One of the integers at which most happens, for both operands at once. */
  long extreme() {
    return EXTREMES[random.nextInt(EXTREMES.length)];
  }

  /** A float register's value of any format. */
  public long anyFloat() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> ofDouble();
      case 3, 4, 5 -> ofSingle();
      case 6 -> ofHalf();
      default -> random.nextLong();
    };
  }

  /** The bits of a double. */
  public long ofDouble() {
    return switch (random.nextInt(6)) {
      case 0 -> sign(63) ^ Double.doubleToRawLongBits(DOUBLES[random.nextInt(DOUBLES.length)]);
      case 1 ->
          sign(63)
              ^ Double.doubleToRawLongBits(DOUBLES[random.nextInt(DOUBLES.length)])
                  + random.nextInt(5)
                  - 2;
      default -> bits(DOUBLE_FRACTION, 11);
    };
  }

  /** One of the values that rules of their own apply to, boxed. */
  public long special(Format format) {
    long infinity = format.infinity(false);
    long leastNormal = infinity & -infinity;
    long bits =
        switch (random.nextInt(11)) {
          case 0, 1 -> 0;
          case 2 -> infinity;
          case 3 -> format.canonicalNan();
          case 4 -> infinity + 1; // a signalling NaN
          case 5 -> format.canonicalNan() + 1;
          case 6 -> infinity - 1; // the greatest number
          case 7 -> 1;
          case 8 -> leastNormal - 1;
          case 9 -> leastNormal;
          default -> infinity & infinity >> 1; // one
        };
    return format.box(sign(format.width() - 1) | bits);
  }

  /** A float register with a single: usually properly boxed. */
  public long ofSingle() {
    long bits =
        switch (random.nextInt(6)) {
          case 0 -> sign(31) ^ single();
          case 1 -> sign(31) ^ single() + random.nextInt(5) - 2;
          default -> bits(SINGLE_FRACTION, 8);
        };
    return boxed(bits & 0xffff_ffffL, 32);
  }

  /** A float register with a half: usually properly boxed. */
  public long ofHalf() {
    return boxed(bits(HALF_FRACTION, 5), 16);
  }

  private int single() {
    return Float.floatToRawIntBits((float) DOUBLES[random.nextInt(DOUBLES.length)]);
  }

  private long boxed(long bits, int width) {
    return switch (random.nextInt(16)) {
      case 0 -> bits;
      case 1 -> bits | random.nextLong() << width;
      case 2 -> bits | -1L << width + 1;
      default -> bits | -1L << width;
    };
  }

  private long sign(int bit) {
    return random.nextBoolean() ? 1L << bit : 0;
  }

  /** An encoding put together from a sign, an exponent and a fraction that are each likely odd. */
  private long bits(int fractionBits, int exponentBits) {
    return sign(fractionBits + exponentBits)
        | exponent(exponentBits) << fractionBits
        | fraction(fractionBits);
  }

  private long exponent(int bits) {
    long greatest = (1L << bits) - 1;
    long bias = greatest >> 1;
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> greatest;
      case 2 -> random.nextBoolean() ? 1 + random.nextInt(3) : greatest - 1 - random.nextInt(3);
      case 3, 4 -> bias + random.nextInt(9) - 4;
      case 5 -> Math.floorMod(bias + random.nextInt(140) - 70, greatest);
      default -> random.nextLong() & greatest;
    };
  }

  private long fraction(int bits) {
    long mask = (1L << bits) - 1;
    long any = random.nextLong();
    return mask
        & switch (random.nextInt(8)) {
          case 0 -> 0;
          case 1 -> mask;
          case 2 -> 1L << bits - 1;
          case 3 -> 1L << random.nextInt(bits);
          case 4 -> any << random.nextInt(bits);
          case 5 -> any >>> 64 - bits + random.nextInt(bits);
          case 6 -> mask << random.nextInt(bits);
          default -> any;
        };
  }
}
