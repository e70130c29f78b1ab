package dev.isomorph.translator.eval;

/**
 * A number on its way to being rounded: ± {@code high:low} × 2^({@code exponent} − 127), where
 * {@code high:low} is an unsigned 128-bit integer whose top bit is set, or 0 for zero.
 *
 * <p>Where a result needs more bits, the last one is set if anything behind it is. That is as good
 * as exact for rounding to any precision below 127 bits, which no format comes near.
 */
record ExactValue(boolean negative, int exponent, long high, long low) {
  /** ± {@code significand} × 2^{@code exponent}, the significand unsigned. */
  static ExactValue of(boolean negative, long significand, int exponent) {
    return normal(negative, exponent + 127, 0, significand);
  }

  /** The number as described above, but for the top bit of {@code high:low}. */
  private static ExactValue normal(boolean negative, int exponent, long high, long low) {
    if (high == 0 && low == 0) {
      return new ExactValue(negative, 0, 0, 0);
    }
    if (high == 0) {
      return normal(negative, exponent - 64, low, 0);
    }
    int shift = Long.numberOfLeadingZeros(high);
    if (shift != 0) {
      high = high << shift | low >>> -shift;
      low <<= shift;
    }
    return new ExactValue(negative, exponent - shift, high, low);
  }

  boolean isZero() {
    return high == 0;
  }

  /** The sum; one that is exactly zero has an arbitrary sign. */
  ExactValue plus(ExactValue other) {
    if (isZero()) {
      return other;
    }
    if (other.isZero()) {
      return this;
    }
    if (exponent < other.exponent) {
      return other.plus(this);
    }
    // A bit of headroom for the carry, then both at this exponent.
    ExactValue x = shiftRight(1);
    ExactValue y = other.shiftRight(exponent - other.exponent + 1);
    if (negative == other.negative) {
      long sum = x.low + y.low;
      long carry = Long.compareUnsigned(sum, x.low) < 0 ? 1 : 0;
      return normal(negative, exponent + 1, x.high + y.high + carry, sum);
    }
    return x.isBelow(y) ? y.minus(x, exponent + 1) : x.minus(y, exponent + 1);
  }

  /** The magnitude of {@code this} less that of {@code other}, which is no larger. */
  private ExactValue minus(ExactValue other, int exponent) {
    long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
    return normal(negative, exponent, high - other.high - borrow, low - other.low);
  }

  private boolean isBelow(ExactValue other) {
    int order = Long.compareUnsigned(high, other.high);
    return order < 0 || order == 0 && Long.compareUnsigned(low, other.low) < 0;
  }

  /** The significand moved down; its last bit stands for all that fell off. */
  private ExactValue shiftRight(int distance) {
    if (distance >= 128) {
      return new ExactValue(negative, exponent, 0, 1);
    }
    if (distance >= 64) {
      long lost = low | high << 1 << (127 - distance);
      return new ExactValue(negative, exponent, 0, high >>> distance | sticky(lost));
    }
    long lost = low << 1 << (63 - distance);
    long shifted = low >>> distance | high << 1 << (63 - distance);
    return new ExactValue(negative, exponent, high >>> distance, shifted | sticky(lost));
  }

  private static long sticky(long lost) {
    return lost == 0 ? 0 : 1;
  }

  /** The product of two numbers that fit into 64 bits each. */
  ExactValue times(ExactValue other) {
    return normal(
        negative != other.negative,
        exponent + other.exponent + 1,
        Math.unsignedMultiplyHigh(high, other.high),
        high * other.high);
  }

  /** The quotient of two numbers that fit into 62 bits each; the divisor is not zero. */
  ExactValue dividedBy(ExactValue divisor) {
    long remainder = high >>> 2;
    long d = divisor.high >>> 2;
    long quotient = 0;
    for (int i = 0; i < Long.SIZE; i++) {
      quotient <<= 1;
      if (remainder >= d) {
        remainder -= d;
        quotient |= 1;
      }
      remainder <<= 1;
    }
    return normal(
        negative != divisor.negative, exponent - divisor.exponent, quotient, sticky(remainder));
  }

  /** The square root of a non-negative number that fits into 63 bits, to 60 bits. */
  ExactValue squareRoot() {
    // Digit by digit: an even exponent leaves one bit before the point, an odd one two.
    long digits = (exponent & 1) == 0 ? high >>> 1 : high;
    long remainder = 0;
    long root = 0;
    for (int i = 0; i < 60; i++) {
      remainder = remainder << 2 | digits >>> 62;
      digits <<= 2;
      long trial = root << 2 | 1;
      root <<= 1;
      if (remainder >= trial) {
        remainder -= trial;
        root |= 1;
      }
    }
    return normal(false, exponent >> 1, root << 4, sticky(remainder));
  }

  /** Whether the leading {@code bits} bits (up to 127) are all of the number, which is not zero. */
  boolean fits(int bits) {
    if (bits <= 0) {
      return false;
    }
    return bits < 64 ? (high << bits | low) == 0 : low << (bits - 64) == 0;
  }

  /** The leading {@code bits} bits (up to 64), no rounding. */
  long truncated(int bits) {
    return bits <= 0 ? 0 : high >>> (64 - bits);
  }

  /**
   * The leading {@code bits} bits as an integer, rounded; the carry may make it one bit longer.
   * Less than none means a unit above the leading bit. From 64 on, the rest must be zero.
   */
  long rounded(int bits, RoundingMode mode) {
    long kept = truncated(bits);
    boolean half = bits >= 0 && bits < 64 && high << bits < 0;
    boolean away = mode.roundsAway(negative, (kept & 1) != 0, half, !fits(bits + 1));
    return away ? kept + 1 : kept;
  }
}
