package dev.isomorph.conformance.golden;

import java.math.BigInteger;

/** The binary interchange formats of IEEE 754 that float registers hold. */
public enum Format {
  HALF(16, 11),
  SINGLE(32, 24),
  DOUBLE(64, 53);

  private final int width;
  private final int precision;

  Format(int width, int precision) {
    this.width = width;
    this.precision = precision;
  }

  /** Bits of an encoding. */
  public int width() {
    return width;
  }

  /** Bits of a significand, the leading one included. */
  int precision() {
    return precision;
  }

  /** The greatest exponent of a finite number, which is also the bias. */
  int maxExponent() {
    return (1 << width - precision - 1) - 1;
  }

  /** The least exponent of a normal number. */
  int minExponent() {
    return 1 - maxExponent();
  }

  private int fractionBits() {
    return precision - 1;
  }

  private long mask() {
    return -1L >>> 64 - width;
  }

  private long sign(boolean negative) {
    return negative ? 1L << width - 1 : 0;
  }

  /** Infinity of either sign. */
  public long infinity(boolean negative) {
    return sign(negative) | (2L * maxExponent() + 1) << fractionBits();
  }

  long greatest(boolean negative) {
    return infinity(negative) - 1;
  }

  long zero(boolean negative) {
    return sign(negative);
  }

  /** The quiet NaN that operations give: positive, the most significant fraction bit set. */
  public long canonicalNan() {
    return infinity(false) | 1L << fractionBits() - 1;
  }

  /**
   * Encodes significand times 2 to the exponent, where the significand either has all bits of the
   * precision, or fewer and the exponent is that of subnormal numbers.
   */
  long encode(boolean negative, BigInteger significand, int exponent) {
    long fraction = significand.longValueExact();
    boolean normal = significand.bitLength() == precision;
    if (!normal && exponent != minExponent() - fractionBits()) {
      throw new IllegalArgumentException("not normalized");
    }
    long biased = normal ? exponent + fractionBits() + maxExponent() : 0;
    return sign(negative) | biased << fractionBits() | fraction & (1L << fractionBits()) - 1;
  }

  /** The number, infinity or NaN that the low bits encode. */
  Datum decode(long encoding) {
    long bits = encoding & mask();
    boolean negative = bits >>> width - 1 != 0;
    long fraction = bits & (1L << fractionBits()) - 1;
    int biased = (int) (bits >>> fractionBits()) & 2 * maxExponent() + 1;
    if (biased == 2 * maxExponent() + 1) {
      if (fraction == 0) {
        return new Datum.Infinity(negative);
      }
      return new Datum.Nan(fraction >>> fractionBits() - 1 == 0);
    }
    long significand = biased == 0 ? fraction : fraction | 1L << fractionBits();
    int exponent = Math.max(biased, 1) - maxExponent() - fractionBits();
    return new Datum.Finite(negative, Rational.of(significand).scaled(exponent));
  }

  /** Reads a float register: what is not properly boxed counts as the canonical NaN. */
  long unbox(long register) {
    return width == 64 || register >> width == -1 ? register & mask() : canonicalNan();
  }

  /** What a float register holds after a value of this format is written. */
  public long box(long bits) {
    return bits | ~mask();
  }
}
